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

/** Who called, about which session and about whose, as far as it came: hashes, for the log. */
type LoggedIds = { user?: string; session?: string; owner?: string };

/**
 * One call from request to answer: who calls, what it may, what it sent, what came of it. Logs one line, with
 * latency and Firestore operations and without content, identity or ids. The name `null` is one that is none: who calls
 * it has to be let in like any other.
 * @throws HttpsError with the code, text and details of a {@link SessionError}; `unimplemented`; `internal` and nothing else for the rest
 */
export const handleCall = async <Name extends CallName>(
  name: Name | null,
  request: CallableRequest<unknown>,
  serving: CallServices,
): Promise<CallOutput<Name>> => {
  const startedAt = performance.now();
  const cost: OperationCost = { documents_read: 0, documents_written: 0 };
  const about: LoggedIds = {};
  const done = (outcome: CallOutcome, details: ErrorDetails = {}, error: object = {}): void => {
    const ms = Math.round((performance.now() - startedAt) * 100) / 100;
    if (name !== null) serving.metrics.record(name, outcome, ms, cost);
    serving.log({ ...callLogEntry(name, outcome, details), ms, ...about, ...cost, ...error });
  };
  try {
    const result = await trackCost(cost, () => executeCall(name, serving, request, about));
    done('ok');
    return result;
  } catch (error) {
    if (error instanceof UnknownCallError) {
      done('unimplemented');
      throw error;
    }
    if (!(error instanceof SessionError)) {
      done('internal', {}, { error: redactError(error) });
      throw new HttpsError('internal', 'internal error');
    }
    const { code, message, details, cause } = error;
    done(code, details, cause ? { error: redactError(cause) } : {});
    if (details.retry_after_ms !== undefined) setRetryAfter(request, details.retry_after_ms);
    throw new HttpsError(code, message, details);
  }
};

const executeCall = async <Name extends CallName>(
  name: Name | null,
  serving: CallServices,
  request: CallableRequest<unknown>,
  about: LoggedIds,
): Promise<CallOutput<Name>> => {
  const { auth, data, rawRequest } = request;
  const { hashId } = serving;
  if (auth) about.user = hashId(auth.uid);
  const caller = await authorize(serving, request);
  if (name === null) throw new UnknownCallError('unimplemented', 'no such call');
  const call = handlers[name];
  if (call.access === 'admin' && !caller.admin) throw new SessionError('permission-denied', 'admins only');
  const unsafe = violationOf(rawRequest);
  if (unsafe) throw invalidArgumentError(unsafe);
  // TypeScript does not follow that the schema and the call are those of one name.
  const schema = contract[name].input as unknown as z.ZodType<ParsedInput<Name>>;
  const input = parsePayload(schema, data);
  const { session_id, user_id }: Record<string, unknown> = input;
  if (typeof session_id === 'string') about.session = hashId(session_id);
  if (typeof user_id === 'string') about.owner = hashId(user_id);
  if (call.sensitive) await serving.verifyToken(auth?.rawToken ?? '');
  return call.handle(serving, caller, input);
};

/** In whole seconds, as HTTP has it; `inspected` lets pages read it. */
const setRetryAfter = ({ rawRequest }: CallableRequest<unknown>, ms: number): void => {
  rawRequest?.res?.setHeader('Retry-After', Math.ceil(ms / 1000));
};
