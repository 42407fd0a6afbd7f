import { type CallableRequest, HttpsError } from 'firebase-functions/https';
import type * as z from 'zod';
import type { Serving } from '../compose.ts';
import { type CallName, type CallOutput, contract, type ParsedInput } from '../contract.ts';
import { type Cost, charging, type ErrorDetails, SessionError } from '../session/index.ts';
import { withoutText } from '../without-text.ts';
import { admit } from './admit.ts';
import { callLine, type Outcome } from './call-line.ts';
import { calls } from './calls.ts';
import { foundIn } from './inspected.ts';
import { parsePayload, refusal } from './parse-payload.ts';

class NoSuchCall extends HttpsError {}

/** Who called, about which session and about whose, as far as it came: hashes, for the log. */
type About = { user?: string; session?: string; owner?: string };

/**
 * One call from request to answer: who calls, what it may, what it sent, what came of it. Logs one line, with
 * latency and Firestore operations and without content, identity or ids. The name `null` is one that is none: who calls
 * it has to be let in like any other.
 * @throws HttpsError with the code, text and details of a {@link SessionError}; `unimplemented`; `internal` and nothing else for the rest
 */
export const handleCall = async <Name extends CallName>(
  name: Name | null,
  request: CallableRequest<unknown>,
  serving: Serving,
): Promise<CallOutput<Name>> => {
  const startedAt = performance.now();
  const cost: Cost = { documents_read: 0, documents_written: 0 };
  const about: About = {};
  const done = (outcome: Outcome, details: ErrorDetails = {}, error: object = {}): void => {
    const ms = Math.round((performance.now() - startedAt) * 100) / 100;
    if (name !== null) serving.metrics.record(name, outcome, ms, cost);
    serving.log({ ...callLine(name, outcome, details), ms, ...about, ...cost, ...error });
  };
  try {
    const result = await charging(cost, () => answer(name, serving, request, about));
    done('ok');
    return result;
  } catch (error) {
    if (error instanceof NoSuchCall) {
      done('unimplemented');
      throw error;
    }
    if (!(error instanceof SessionError)) {
      done('internal', {}, { error: withoutText(error) });
      throw new HttpsError('internal', 'internal error');
    }
    const { code, message, details, cause } = error;
    done(code, details, cause ? { error: withoutText(cause) } : {});
    if (details.retry_after_ms !== undefined) retryAfter(request, details.retry_after_ms);
    throw new HttpsError(code, message, details);
  }
};

const answer = async <Name extends CallName>(
  name: Name | null,
  serving: Serving,
  request: CallableRequest<unknown>,
  about: About,
): Promise<CallOutput<Name>> => {
  const { auth, data, rawRequest } = request;
  const { hashed } = serving;
  if (auth) about.user = hashed(auth.uid);
  const caller = await admit(serving, request);
  if (name === null) throw new NoSuchCall('unimplemented', 'no such call');
  const call = calls[name];
  if (call.for === 'admin' && !caller.admin) throw new SessionError('permission-denied', 'admins only');
  const unsafe = foundIn(rawRequest);
  if (unsafe) throw refusal(unsafe);
  // TypeScript does not follow that the schema and the call are those of one name.
  const schema = contract[name].input as unknown as z.ZodType<ParsedInput<Name>>;
  const input = parsePayload(schema, data);
  const { session_id, user_id }: Record<string, unknown> = input;
  if (typeof session_id === 'string') about.session = hashed(session_id);
  if (typeof user_id === 'string') about.owner = hashed(user_id);
  if (call.sensitive) await serving.standing(auth?.rawToken ?? '');
  return call.run(serving, caller, input);
};

/** In whole seconds, as HTTP has it; `inspected` lets pages read it. */
const retryAfter = ({ rawRequest }: CallableRequest<unknown>, ms: number): void => {
  rawRequest?.res?.setHeader('Retry-After', Math.ceil(ms / 1000));
};
