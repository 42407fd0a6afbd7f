import { SessionError } from 'kb-sessions-contract/errors';
import type { Entry, RefusalReason } from '../journal/journal.ts';
import type { AppendOperation, CreateOperation } from '../session-store.ts';

/**
 * What fails so often and for so long, while the primary stores what others write, is at fault itself. Both are many: a
 * primary that flaps may well fail one entry a few times in a row, and what was acknowledged is not given up for that.
 */
export const MAX_FAILURES = 10;
export const FAILING_GRACE_MS = 5 * 60_000;

/** What earlier tries of an entry came to; times in milliseconds, null where it did not happen. */
export type RetryState = {
  /** When its session was first found to be unknown. */
  unknownSince: number | null;
  /** When its user was first found to have too many sessions open for it. */
  overLimitSince: number | null;
  /** When it failed first and last, and how often although the primary had stored something else since the time before. */
  failingSince: number | null;
  failedAt: number | null;
  failures: number;
};

export const NO_ATTEMPTS: RetryState = {
  unknownSince: null,
  overLimitSince: null,
  failingSince: null,
  failedAt: null,
  failures: 0,
};

/** What the next entry of a line starts with: the session is the same, and those behind have waited with the first. */
export const carryOver = ({ unknownSince, overLimitSince }: RetryState): RetryState =>
  unknownSince === null && overLimitSince === null
    ? NO_ATTEMPTS
    : { ...NO_ATTEMPTS, unknownSince, overLimitSince };

export type Attempt =
  | { kind: 'create'; operation: CreateOperation }
  /** `hasWaited`: if the session is unknown by now, it will not be known. */
  | { kind: 'append'; operation: AppendOperation; hasWaited: boolean };

/**
 * How an entry is offered first. For `gracePeriodMs` it opens no successor of a session that is unknown: its creation may
 * be on its way from another instance or a client.
 */
export const firstAttempt = (
  entry: Entry,
  { unknownSince }: RetryState,
  now: number,
  gracePeriodMs: number,
): Attempt => {
  if (entry.kind === 'create') return { kind: 'create', operation: { ...entry.operation, replay: true } };
  const hasWaited = unknownSince !== null && now - unknownSince >= gracePeriodMs;
  const recover = entry.operation.recover && hasWaited;
  const operation = { ...entry.operation, replay: true, recover, context_limit: null };
  return { kind: 'append', operation, hasWaited };
};

/** What becomes of an entry that the primary has not taken. */
export type ReplayDecision =
  | { kind: 'refuse'; reason: RefusalReason }
  /** Later; nothing goes before it on its line. */
  | { kind: 'wait'; tried: RetryState };

/** What to do after a try that failed. */
export type ReplayPlan = ReplayDecision | { kind: 'follow'; attempt: Attempt };

/** @param storedAt when the primary last stored anything for this instance; a read that works says nothing of writes */
export const planReplay = (
  attempt: Attempt,
  error: unknown,
  tried: RetryState,
  { now, storedAt }: { now: number; storedAt: number | null },
): ReplayPlan => {
  if (!(error instanceof SessionError) || error.code === 'unavailable')
    return attributeFailure(tried, now, storedAt);
  const { code, details } = error;
  if (code === 'aborted') return { kind: 'wait', tried };
  if (code === 'resource-exhausted') return planCrowded(tried, now);
  if (code === 'not-found') {
    if (attempt.kind === 'create' || attempt.hasWaited) return refuse('not-found');
    return { kind: 'wait', tried: { ...tried, unknownSince: tried.unknownSince ?? now } };
  }
  if (details.reason === 'continued' && details.session_id !== undefined && attempt.kind === 'append')
    return {
      kind: 'follow',
      attempt: { ...attempt, operation: { ...attempt.operation, session_id: details.session_id } },
    };
  return refuse(details.reason === 'erased' ? 'erased' : 'invalid');
};

/** Its user may yet end a session, but not at everybody's cost: what waits takes room, and a look at each sweep. */
const planCrowded = (tried: RetryState, now: number): ReplayDecision => {
  const overLimitSince = tried.overLimitSince ?? now;
  return now - overLimitSince >= FAILING_GRACE_MS
    ? refuse('open_sessions')
    : { kind: 'wait', tried: { ...tried, overLimitSince } };
};

/** After a failure that could be the primary's or the entry's own. */
export const attributeFailure = (tried: RetryState, now: number, storedAt: number | null): ReplayDecision => {
  const isAlone = tried.failedAt !== null && storedAt !== null && storedAt > tried.failedAt;
  const failures = tried.failures + (isAlone ? 1 : 0);
  const failingSince = tried.failingSince ?? now;
  return failures >= MAX_FAILURES && now - failingSince >= FAILING_GRACE_MS
    ? refuse('failing')
    : { kind: 'wait', tried: { ...tried, failures, failingSince, failedAt: now } };
};

const refuse = (reason: RefusalReason): ReplayDecision => ({ kind: 'refuse', reason });
