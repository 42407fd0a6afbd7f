import { GrpcStatus } from 'firebase-admin/firestore';
import { contentionError, unavailableError } from '../session-errors.ts';

/**
 * What a failed commit says about what happened:
 * - `stale`: nothing was written, because a document had changed or was gone;
 * - `exists`: nothing was written, because a document to be created is there, perhaps by our own first try, which the
 *   SDK repeats on UNAVAILABLE (googleapis/nodejs-firestore, firestore_client_config.json);
 * - `unclear`: it may have been written, now or later;
 * - `refused`: nothing was written and repeating it will not help.
 */
type Failure = 'stale' | 'exists' | 'unclear' | 'refused';

const FAILURES: Partial<Record<GrpcStatus, Failure>> = {
  [GrpcStatus.FAILED_PRECONDITION]: 'stale',
  [GrpcStatus.NOT_FOUND]: 'stale',
  [GrpcStatus.ABORTED]: 'stale',
  [GrpcStatus.ALREADY_EXISTS]: 'exists',
  [GrpcStatus.UNAVAILABLE]: 'unclear',
  [GrpcStatus.DEADLINE_EXCEEDED]: 'unclear',
  [GrpcStatus.INTERNAL]: 'unclear',
  [GrpcStatus.UNKNOWN]: 'unclear',
  [GrpcStatus.CANCELLED]: 'unclear',
  [GrpcStatus.RESOURCE_EXHAUSTED]: 'unclear',
};

export const grpcCode = (error: unknown): number | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;

export const classifyError = (error: unknown): Failure => {
  const code = grpcCode(error);
  return (code === null ? undefined : FAILURES[code as GrpcStatus]) ?? 'refused';
};

/** Whether a conditional write failed because its document had changed or was gone. */
export const isConflict = (error: unknown): boolean => {
  const code = grpcCode(error);
  return code === GrpcStatus.FAILED_PRECONDITION || code === GrpcStatus.NOT_FOUND;
};

/** The store's own failure to answer, as callers are told of it; anything else stays what it is. */
export const toSessionError = (error: unknown): unknown => {
  if (classifyError(error) === 'unclear') return unavailableError(error);
  return grpcCode(error) === GrpcStatus.ABORTED ? contentionError(error) : error;
};

/** {@link toSessionError} for whatever `work` fails with. */
export const mapErrors = <Result>(work: Promise<Result>): Promise<Result> =>
  work.catch((error: unknown) => {
    throw toSessionError(error);
  });
