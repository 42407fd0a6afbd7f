import type { FunctionsErrorCodeCore } from 'firebase/functions';
import type { ErrorDetails } from '../../functions/src/contract.ts';

export type SessionsErrorCode = Exclude<FunctionsErrorCodeCore, 'ok'>;
type Reason = NonNullable<ErrorDetails['reason']>;

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
  refused: true,
};

/** Whether `value` is the code of a failed call, without the SDK's prefix `functions/`. */
export const isSessionsErrorCode = (value: unknown): value is SessionsErrorCode =>
  typeof value === 'string' && Object.hasOwn(codes, value);

const isReason = (value: unknown): value is Reason =>
  typeof value === 'string' && Object.hasOwn(reasons, value);

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;

const stringOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** How any call of the client fails. */
export class SessionsError extends Error {
  override readonly name = 'SessionsError';
  readonly code: SessionsErrorCode;
  /** Why the session does not take the call, where that is it. */
  readonly reason: Reason | null;
  /** The field of the input that was refused, as a dotted path. */
  readonly field: string | null;
  /** The session to use instead: with the reason `continued`. */
  readonly session_id: string | null;

  /** `details` come from the wire: what is not of the contract's form counts as absent. */
  constructor(code: SessionsErrorCode, message: string, details?: unknown, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    const reason = property(details, 'reason');
    this.reason = isReason(reason) ? reason : null;
    this.field = stringOrNull(property(details, 'field'));
    this.session_id = stringOrNull(property(details, 'session_id'));
  }
}

export const isSessionsError = (value: unknown): value is SessionsError => value instanceof SessionsError;
