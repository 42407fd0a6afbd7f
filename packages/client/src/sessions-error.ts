import type { FunctionsErrorCodeCore } from 'firebase/functions';
import type { ErrorDetails } from 'kb-sessions-contract';

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

/** Whether `value` is the code of a failed call, without the SDK's prefix `functions/`. */
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

/** How any call of the client fails. */
export class SessionsError extends Error {
  override readonly name = 'SessionsError';
  readonly code: SessionsErrorCode;
  /** Why the server refused the call, where there is more to say than its code. */
  readonly reason: Reason | null;
  /** The field of the input that was refused, as a dotted path. */
  readonly field: string | null;
  /** The session to use instead: with the reason `continued`. */
  readonly session_id: string | null;
  /** Why it was refused for good when it was replayed: with the reason `refused`. */
  readonly because: Because | null;
  /** Milliseconds until it is worth calling again: with the reason `rate`. */
  readonly retry_after_ms: number | null;

  /** `details` come from the wire: what is not of the contract's form counts as absent. */
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

export const isSessionsError = (value: unknown): value is SessionsError => value instanceof SessionsError;
