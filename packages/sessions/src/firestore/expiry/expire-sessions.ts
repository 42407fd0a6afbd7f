import { FieldPath, type QueryDocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import type { Clock } from '../../clock.ts';
import { expireIfDue, isOpen } from '../../lifecycle.ts';
import { recordCost } from '../../operation-cost.ts';
import { mapErrors, toSessionError } from '../classify-error.ts';
import { decodeSession } from '../codec.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline } from '../deadline.ts';
import { sessionsCollection } from '../documents.ts';
import { OPEN_STATUSES } from './open-sessions.ts';
import { writeEndings } from './write-endings.ts';

/** The page size of a job. Only the needed fields are read, so a page has a few MB. */
const PAGE_SIZE = 2000;
/** How many sessions of a page are written together: not more than a BulkWriter starts with in a second. */
const WRITES = 500;

/** The fields that an expiry needs: not `recent`, which may have 64 KB. */
const FIELDS = ['status', 'created_at', 'expires_at'];

/** What {@link expireSessions} did. */
export type ExpireResult = {
  /** Sessions whose expiry was stored. */
  expired: number;
  /**
   * Sessions that changed between the read and the write of the sweep: touched, ended, or expired by another sweep or by an
   * earlier attempt of this one whose answer was lost.
   */
  skipped: number;
  /** Sessions that could not be written in this run. */
  failed: number;
  /** The first error behind `failed`, for the log. */
  failure?: unknown;
  /** Whether expired sessions may be left: the deadline came, or no write succeeded. */
  more: boolean;
};

/**
 * Stores the expiry of every session that has expired, shard by shard, until none is left or the deadline has come. After
 * the deadline it waits for at most one read and one write. Each write is conditional on the session as it was read, so a
 * session that is touched meanwhile stays open, and sweeps may overlap. A shard in which no write succeeds is left to the
 * next run.
 *
 * Cost: one read and one write per session; one round trip per page and one per 500 writes.
 *
 * @param options `deadline`: when to stop, in milliseconds by `clock`. `limit`: sessions per page, 2,000 by default; a
 * smaller page lets an interactive call stop sooner.
 * @throws SessionError `unavailable` if a query fails; failures of single sessions are in the result
 * @example
 * ```ts
 * import { expireSessions, type FirestoreContext } from 'kb-sessions/firestore';
 *
 * export const runJob = async (context: FirestoreContext): Promise<void> => {
 *   const result = await expireSessions(context, { deadline: Date.now() + 480_000, clock: Date.now });
 *   console.log(result.expired, result.failed, result.more);
 * };
 * ```
 */
export const expireSessions = async (
  context: FirestoreContext,
  { deadline, clock, limit = PAGE_SIZE }: { deadline: number; clock: Clock; limit?: number },
): Promise<ExpireResult> => {
  const result: ExpireResult = { expired: 0, skipped: 0, failed: 0, more: false };
  const isLate = (): boolean => {
    const late = clock() >= deadline;
    result.more ||= late;
    return late;
  };
  const { expiryShards } = context.limits;
  // Runs start with different shards, so that no shard is left out for good if the time is always too short for all.
  const first = context.random(expiryShards);
  for (let offset = 0; offset < expiryShards; offset += 1) {
    const shard = (first + offset) % expiryShards;
    let after: QueryDocumentSnapshot | null = null;
    do {
      if (isLate()) return result;
      after = await sweepPage(context, { shard, limit, after, isLate }, result);
    } while (after);
  }
  return result;
};

type Page = { shard: number; limit: number; after: QueryDocumentSnapshot | null; isLate(): boolean };

/** Sweeps the page that follows `after`. Returns its last document; null if the sweep of the shard is finished. */
const sweepPage = async (
  context: FirestoreContext,
  { shard, limit, after, isLate }: Page,
  result: ExpireResult,
): Promise<QueryDocumentSnapshot | null> => {
  const query = sessionsCollection(context.db)
    .where('expiry_shard', '==', shard)
    .where('status', 'in', OPEN_STATUSES)
    .where('expires_at', '<=', Timestamp.fromMillis(context.now(Timestamp.now())))
    .orderBy('expires_at')
    .orderBy(FieldPath.documentId())
    .select(...FIELDS)
    .limit(limit);
  const page = await mapErrors(withDeadline(context, (after ? query.startAfter(after) : query).get()));
  recordCost(Math.max(1, page.size), 0);
  if (page.empty) return null;
  const now = context.now(page.readTime);
  const expired = page.docs
    .map((document) => ({
      document,
      session: expireIfDue(decodeSession(document.data()), now, context.limits),
    }))
    .filter(({ session }) => !isOpen(session));
  result.skipped += page.size - expired.length;
  const isLast = page.size < limit;
  for (let start = 0; start < expired.length && (start === 0 || !isLate()); start += WRITES) {
    const group = expired.slice(start, start + WRITES);
    const { written, changed, failures } = await writeEndings(context, group);
    result.expired += written.length;
    result.skipped += changed.length;
    result.failed += failures.length;
    if (failures.length > 0) result.failure ??= toSessionError(failures[0]);
    if (failures.length === group.length) {
      result.more ||= !isLast || start + group.length < expired.length;
      return null;
    }
  }
  return isLast ? null : (page.docs.at(-1) ?? null);
};
