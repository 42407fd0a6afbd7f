import type { FunctionsErrorCodeCore } from 'firebase/functions';
import type { ErrorDetails } from './contract-types.ts';

/** The code of a failed call: a code of Firebase callables, without the prefix `functions/` of the SDK. */
export type SessionsErrorCode = Exclude<FunctionsErrorCodeCore, 'ok'>;
type Reason = NonNullable<ErrorDetails['reason']>;
type Because = NonNullable<ErrorDetails['because']>;

const codes: Record<SessionsErrorCode, true> = {
  aborted: true,
  'already-exists': true,
  cancelled: true,
  'data-loss': true,
  'deadline-exceeded': true,
  'failed-precondition': true,
  internal: true,
  'invalid-argument': true,
  'not-found': true,
  'out-of-range': true,
  'permission-denied': true,
  'resource-exhausted': true,
  unauthenticated: true,
  unavailable: true,
  unimplemented: true,
  unknown: true,
};

const reasons: Record<Reason, true> = {
  continued: true,
  ended: true,
  erased: true,
  expired: true,
  open_sessions: true,
  rate: true,
  refused: true,
  revoked: true,
};

const causes: Record<Because, true> = {
  erased: true,
  failing: true,
  invalid: true,
  'not-found': true,
  open_sessions: true,
};

/** Whether `value` is a {@link SessionsErrorCode}. */
export const isSessionsErrorCode = (value: unknown): value is SessionsErrorCode =>
  typeof value === 'string' && Object.hasOwn(codes, value);

const isReason = (value: unknown): value is Reason =>
  typeof value === 'string' && Object.hasOwn(reasons, value);

const isBecause = (value: unknown): value is Because =>
  typeof value === 'string' && Object.hasOwn(causes, value);

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;

const stringOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/**
 * The error of every call of the client.
 *
 * @example
 * ```ts
 * import { isSessionsError, type SessionsClient } from 'kb-sessions-client';
 *
 * export const isOver = async (sessions: SessionsClient, session_id: string): Promise<boolean> => {
 *   try {
 *     await sessions.getSession({ session_id, recover: false });
 *     return false;
 *   } catch (error) {
 *     if (isSessionsError(error) && (error.reason === 'ended' || error.reason === 'expired')) return true;
 *     throw error;
 *   }
 * };
 * ```
 */
export class SessionsError extends Error {
  override readonly name = 'SessionsError';
  readonly code: SessionsErrorCode;
  /** Why the server refused the call, if the code does not say it; otherwise null. */
  readonly reason: Reason | null;
  /** The invalid field of the input, as a dotted path; null unless the code is `invalid-argument`. */
  readonly field: string | null;
  /** The session to use instead; null unless the reason is `continued`. */
  readonly session_id: string | null;
  /** Why the replay of an operation was refused for good; null unless the reason is `refused`. */
  readonly because: Because | null;
  /** How long to wait before the call is repeated, in milliseconds; null unless the reason is `rate`. */
  readonly retry_after_ms: number | null;

  /**
   * @param code - one of the closed set of codes
   * @param message - a text without content and identity
   * @param details - the details from the wire; fields that do not match the contract count as absent
   * @param options - the cause
   */
  constructor(code: SessionsErrorCode, message: string, details?: unknown, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    const reason = property(details, 'reason');
    this.reason = isReason(reason) ? reason : null;
    this.field = stringOrNull(property(details, 'field'));
    this.session_id = stringOrNull(property(details, 'session_id'));
    const because = property(details, 'because');
    this.because = isBecause(because) ? because : null;
    this.retry_after_ms = numberOrNull(property(details, 'retry_after_ms'));
  }
}

/** Whether `value` is a {@link SessionsError}. */
export const isSessionsError = (value: unknown): value is SessionsError => value instanceof SessionsError;
