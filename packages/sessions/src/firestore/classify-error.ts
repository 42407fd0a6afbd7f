import { GrpcStatus } from 'firebase-admin/firestore';
import { contentionError, unavailableError } from '../session-errors.ts';

/**
 * What a failed commit means:
 * - `stale`: nothing was written, because a document had changed or was missing;
 * - `exists`: nothing was written, because a document to create exists. Our own first attempt may have created it: the SDK
 *   repeats a commit on UNAVAILABLE (googleapis/nodejs-firestore, firestore_client_config.json);
 * - `unclear`: it may have been written, or may still be written;
 * - `refused`: nothing was written, and a repetition does not change that.
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

/** The gRPC status of an error; null if it has none. */
export const grpcCode = (error: unknown): number | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;

/** What a failed commit means. */
export const classifyError = (error: unknown): Failure => {
  const code = grpcCode(error);
  return (code === null ? undefined : FAILURES[code as GrpcStatus]) ?? 'refused';
};

/** Whether a conditional write failed because its document had changed or was missing. */
export const isConflict = (error: unknown): boolean => {
  const code = grpcCode(error);
  return code === GrpcStatus.FAILED_PRECONDITION || code === GrpcStatus.NOT_FOUND;
};

/** The error that callers get: `unavailable` for an unknown outcome, `aborted` for contention; any other error as it is. */
export const toSessionError = (error: unknown): unknown => {
  if (classifyError(error) === 'unclear') return unavailableError(error);
  return grpcCode(error) === GrpcStatus.ABORTED ? contentionError(error) : error;
};

/** The result of `work`. Its errors pass through {@link toSessionError}. */
export const mapErrors = <Result>(work: Promise<Result>): Promise<Result> =>
  work.catch((error: unknown) => {
    throw toSessionError(error);
  });
