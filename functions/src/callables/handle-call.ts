import { type CallableRequest, HttpsError } from 'firebase-functions/https';
import * as logger from 'firebase-functions/logger';
import type { z } from 'zod';
import { type Instance, theInstance } from '../compose.ts';
import { type CallName, type CallOutput, contract, type ParsedInput } from '../contract.ts';
import { type Cost, charging, SessionError } from '../session/index.ts';
import { callerOf } from './caller-of.ts';
import { calls } from './calls.ts';
import { foundIn } from './inspected.ts';
import { parsePayload, refusal } from './parse-payload.ts';

/**
 * One call from request to answer: who calls, what it may, what it sent, what came of it. Logs one line, with
 * latency and Firestore operations and without content, identity or ids.
 * @throws HttpsError with the code, text and details of a {@link SessionError}; `internal` and nothing else for the rest
 */
export const handleCall = async <Name extends CallName>(
  name: Name,
  request: CallableRequest<unknown>,
): Promise<CallOutput<Name>> => {
  const startedAt = performance.now();
  const cost: Cost = { documents_read: 0, documents_written: 0 };
  const instance = theInstance();
  const done = (outcome: string, details: object = {}): void => {
    const ms = Math.round((performance.now() - startedAt) * 100) / 100;
    instance.metrics.record(name, outcome, ms, cost);
    const severity = outcome === 'internal' || outcome === 'unavailable' ? 'ERROR' : 'INFO';
    logger.write({ severity, message: 'call', call: name, outcome, ms, ...cost, ...details });
  };
  try {
    const result = await charging(cost, () => answer(name, instance, request));
    done('ok');
    return result;
  } catch (error) {
    if (!(error instanceof SessionError)) {
      done('internal', { error: withoutText(error) });
      throw new HttpsError('internal', 'internal error');
    }
    done(error.code, {
      reason: error.details.reason,
      ...(error.cause ? { error: withoutText(error.cause) } : {}),
    });
    throw new HttpsError(error.code, error.message, error.details);
  }
};

const answer = async <Name extends CallName>(
  name: Name,
  instance: Instance,
  { auth, data, rawRequest }: CallableRequest<unknown>,
): Promise<CallOutput<Name>> => {
  const caller = callerOf(auth);
  const call = calls[name];
  if (call.for === 'admin' && !caller.admin) throw new SessionError('permission-denied', 'admins only');
  const unsafe = foundIn(rawRequest);
  if (unsafe) throw refusal(unsafe);
  // TypeScript does not follow that the schema and the call are those of one name.
  const schema = contract[name].input as unknown as z.ZodType<ParsedInput<Name>>;
  return call.run(instance, caller, parsePayload(schema, data));
};

/** What tells an error from others: a driver's text may hold paths, ids and content. */
const withoutText = (error: unknown): object => {
  if (!(error instanceof Error)) return { kind: typeof error };
  const at = error.stack?.split('\n').filter((line) => line.startsWith('    at '));
  return { kind: error.name, code: 'code' in error ? error.code : null, at: at?.slice(0, 5) };
};
