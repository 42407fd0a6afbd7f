import { type CallableRequest, HttpsError } from 'firebase-functions/https';
import { type ErrorDetails, type OperationCost, SessionError, trackCost } from 'kb-sessions';
import { type CallName, type CallOutput, contract, type ParsedInput } from 'kb-sessions-contract';
import type * as z from 'zod';
import { redactError } from '../logging/redact-error.ts';
import type { CallServices } from '../services.ts';
import { authorize } from './authorize.ts';
import { type CallOutcome, callLogEntry } from './call-log-entry.ts';
import { handlers } from './handlers.ts';
import { violationOf } from './inspect-request.ts';
import { invalidArgumentError, parsePayload } from './parse-payload.ts';

class UnknownCallError extends HttpsError {}

/** Hashed ids for the log: the caller, the session and its owner, as far as the call got. */
type LoggedIds = { user?: string; session?: string; owner?: string };

/**
 * Handles one call: authorizes the caller, parses the input, executes the call and maps its errors. It logs one line with
 * the latency and the Firestore operations, and without content, identity or ids.
 * @param name null for an unknown call; its caller is authorized all the same
 * @throws HttpsError with the code, message and details of a {@link SessionError}; `unimplemented`; for every other error
 *   `internal` without details
 */
export const handleCall = async <Name extends CallName>(
  name: Name | null,
  request: CallableRequest<unknown>,
  services: CallServices,
): Promise<CallOutput<Name>> => {
  const startedAt = performance.now();
  const cost: OperationCost = { documents_read: 0, documents_written: 0 };
  const ids: LoggedIds = {};
  const report = (outcome: CallOutcome, details: ErrorDetails = {}, error: object = {}): void => {
    const ms = Math.round((performance.now() - startedAt) * 100) / 100;
    if (name !== null) services.metrics.record(name, outcome, ms, cost);
    services.log({ ...callLogEntry(name, outcome, details), ms, ...ids, ...cost, ...error });
  };
  try {
    const result = await trackCost(cost, () => executeCall(name, services, request, ids));
    report('ok');
    return result;
  } catch (error) {
    if (error instanceof UnknownCallError) {
      report('unimplemented');
      throw error;
    }
    if (!(error instanceof SessionError)) {
      report('internal', {}, { error: redactError(error) });
      throw new HttpsError('internal', 'internal error');
    }
    const { code, message, details, cause } = error;
    report(code, details, cause ? { error: redactError(cause) } : {});
    if (details.retry_after_ms !== undefined) setRetryAfter(request, details.retry_after_ms);
    throw new HttpsError(code, message, details);
  }
};

const executeCall = async <Name extends CallName>(
  name: Name | null,
  services: CallServices,
  request: CallableRequest<unknown>,
  ids: LoggedIds,
): Promise<CallOutput<Name>> => {
  const { auth, data, rawRequest } = request;
  const { hashId } = services;
  if (auth) ids.user = hashId(auth.uid);
  const caller = await authorize(services, request);
  if (name === null) throw new UnknownCallError('unimplemented', 'no such call');
  const handler = handlers[name];
  if (handler.access === 'admin' && !caller.admin) throw new SessionError('permission-denied', 'admins only');
  const unsafe = violationOf(rawRequest);
  if (unsafe) throw invalidArgumentError(unsafe);
  // TypeScript does not infer that the schema and the handler belong to the same name.
  const schema = contract[name].input as unknown as z.ZodType<ParsedInput<Name>>;
  const input = parsePayload(schema, data);
  const { session_id, user_id }: Record<string, unknown> = input;
  if (typeof session_id === 'string') ids.session = hashId(session_id);
  if (typeof user_id === 'string') ids.owner = hashId(user_id);
  if (handler.sensitive) await services.verifyToken(auth?.rawToken ?? '');
  return handler.handle(services, caller, input);
};

/** Sets the header in whole seconds, as HTTP requires. Pages can read it, see inspect-request.ts. */
const setRetryAfter = ({ rawRequest }: CallableRequest<unknown>, ms: number): void => {
  rawRequest?.res?.setHeader('Retry-After', Math.ceil(ms / 1000));
};
