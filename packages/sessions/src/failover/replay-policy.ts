import { SessionError } from 'kb-sessions-contract/errors';
import type { Entry, RefusalReason } from '../journal/journal.ts';
import type { AppendOperation, CreateOperation } from '../session-store.ts';

/**
 * After how many failures an entry itself is at fault, if it fails while the primary stores other writes. The number and
 * {@link FAILING_GRACE_MS} are high: a primary that recovers and fails in turn may fail one entry several times in a row, and
 * that is no reason to give up an acknowledged operation.
 */
export const MAX_FAILURES = 10;
/** For how long an entry must fail before it is at fault, in milliseconds. Also the grace period for too many open sessions. */
export const FAILING_GRACE_MS = 5 * 60_000;

/** The earlier attempts to replay an entry. Times in milliseconds; null if the event did not happen. */
export type RetryState = {
  /** When the primary first did not know its session. */
  unknownSince: number | null;
  /** When its user first had too many open sessions for it. */
  overLimitSince: number | null;
  /** When it first failed. */
  failingSince: number | null;
  /** When it last failed. */
  failedAt: number | null;
  /** How often it failed although the primary had stored another write since the failure before. */
  failures: number;
};

/** The state of an entry that was not tried yet. */
export const NO_ATTEMPTS: RetryState = {
  unknownSince: null,
  overLimitSince: null,
  failingSince: null,
  failedAt: null,
  failures: 0,
};

/** The state of the next entry of a session key: the session is the same, and the later entries waited with the first. */
export const carryOver = ({ unknownSince, overLimitSince }: RetryState): RetryState =>
  unknownSince === null && overLimitSince === null
    ? NO_ATTEMPTS
    : { ...NO_ATTEMPTS, unknownSince, overLimitSince };

/** One request to the primary for an entry. */
export type Attempt =
  | { kind: 'create'; operation: CreateOperation }
  /** `isGraceOver`: the grace period for an unknown session is over, so `not-found` refuses the entry. */
  | { kind: 'append'; operation: AppendOperation; isGraceOver: boolean };

/**
 * The first attempt to replay an entry. During the grace period it opens no successor of an unknown session: the creation of
 * that session may be on its way from another instance or from a client.
 *
 * @param now milliseconds
 */
export const firstAttempt = (
  entry: Entry,
  { unknownSince }: RetryState,
  now: number,
  gracePeriodMs: number,
): Attempt => {
  if (entry.kind === 'create') return { kind: 'create', operation: { ...entry.operation, replay: true } };
  const isGraceOver = unknownSince !== null && now - unknownSince >= gracePeriodMs;
  const recover = entry.operation.recover && isGraceOver;
  const operation = { ...entry.operation, replay: true, recover, context_limit: null };
  return { kind: 'append', operation, isGraceOver };
};

/** What happens to an entry that the primary has not stored. */
export type ReplayDecision =
  | { kind: 'refuse'; reason: RefusalReason }
  /** Try again later. Until then no later entry of the session key is replayed. */
  | { kind: 'wait'; retry: RetryState };

/** What to do after an attempt has failed. */
export type ReplayPlan = ReplayDecision | { kind: 'follow'; attempt: Attempt };

/**
 * Decides what to do after an attempt has failed.
 *
 * @param times `now`, and `storedAt`: when the primary last stored a write of this instance, null for never. A successful
 * read says nothing about writes. Both in milliseconds.
 */
export const planReplay = (
  attempt: Attempt,
  error: unknown,
  retry: RetryState,
  { now, storedAt }: { now: number; storedAt: number | null },
): ReplayPlan => {
  if (!(error instanceof SessionError) || error.code === 'unavailable')
    return attributeFailure(retry, now, storedAt);
  const { code, details } = error;
  if (code === 'aborted') return { kind: 'wait', retry };
  if (code === 'resource-exhausted') return waitForOpenSessions(retry, now);
  if (code === 'not-found') {
    if (attempt.kind === 'create' || attempt.isGraceOver) return refuse('not-found');
    return { kind: 'wait', retry: { ...retry, unknownSince: retry.unknownSince ?? now } };
  }
  if (details.reason === 'continued' && details.session_id !== undefined && attempt.kind === 'append')
    return {
      kind: 'follow',
      attempt: { ...attempt, operation: { ...attempt.operation, session_id: details.session_id } },
    };
  return refuse(details.reason === 'erased' ? 'erased' : 'invalid');
};

/** The user may still end a session. The wait is bounded, because the entry takes space in the journal and work in each sweep. */
const waitForOpenSessions = (retry: RetryState, now: number): ReplayDecision => {
  const overLimitSince = retry.overLimitSince ?? now;
  return now - overLimitSince >= FAILING_GRACE_MS
    ? refuse('open_sessions')
    : { kind: 'wait', retry: { ...retry, overLimitSince } };
};

/** Decides after a failure whose cause may be the primary or the entry itself. The entry is at fault if only it keeps failing. */
export const attributeFailure = (retry: RetryState, now: number, storedAt: number | null): ReplayDecision => {
  const othersSucceeded = retry.failedAt !== null && storedAt !== null && storedAt > retry.failedAt;
  const failures = retry.failures + (othersSucceeded ? 1 : 0);
  const failingSince = retry.failingSince ?? now;
  return failures >= MAX_FAILURES && now - failingSince >= FAILING_GRACE_MS
    ? refuse('failing')
    : { kind: 'wait', retry: { ...retry, failures, failingSince, failedAt: now } };
};

const refuse = (reason: RefusalReason): ReplayDecision => ({ kind: 'refuse', reason });
