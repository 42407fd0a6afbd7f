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

/** How many sessions are read at once where nobody waits. Only the fields needed of each: together a few MB. */
const PAGE = 2000;
/** How many of them are written at once: no more than a BulkWriter begins with in a second. */
const WRITES = 500;

/** What of a session its expiry needs: not `recent`, which may be 64 KB. */
const NEEDED = ['status', 'created_at', 'expires_at'];

export type ExpireResult = {
  expired: number;
  /** Changed between the sweep's read and its write: touched, ended, expired by another sweep or by a write of this one that was taken to have failed. */
  skipped: number;
  failed: number;
  /** The first error behind `failed`, for the log. */
  failure?: unknown;
  /** Whether there may be some that were not tried: the time budget ended, or nothing could be written. */
  more: boolean;
};

/**
 * Expires every session that is due, in pages of `limit` from each shard, until nothing is due or `deadline`
 * (milliseconds, by `clock`) has come: then it waits for one more read and one more write at most. Each session is
 * written on the condition that it is as it was read, so one that is touched meanwhile stays open and sweeps may overlap.
 * A shard where nothing can be written is left to the next run. 1 read and 1 write per session.
 */
export const expireSessions = async (
  context: FirestoreContext,
  { deadline, clock, limit = PAGE }: { deadline: number; clock: Clock; limit?: number },
): Promise<ExpireResult> => {
  const swept: ExpireResult = { expired: 0, skipped: 0, failed: 0, more: false };
  const isLate = (): boolean => {
    const late = clock() >= deadline;
    swept.more ||= late;
    return late;
  };
  const { expiryShards } = context.limits;
  // Not always the same first: where the time never suffices for all, none is left out for good.
  const first = context.random(expiryShards);
  for (let turn = 0; turn < expiryShards; turn += 1) {
    const shard = (first + turn) % expiryShards;
    let after: QueryDocumentSnapshot | null = null;
    do {
      if (isLate()) return swept;
      after = await sweepPage(context, { shard, limit, after, isLate }, swept);
    } while (after);
  }
  return swept;
};

type Page = { shard: number; limit: number; after: QueryDocumentSnapshot | null; isLate(): boolean };

/** Sweeps the page behind `after`; returns the last of it, or null where the sweep is done with its shard. */
const sweepPage = async (
  context: FirestoreContext,
  { shard, limit, after, isLate }: Page,
  swept: ExpireResult,
): Promise<QueryDocumentSnapshot | null> => {
  const query = sessionsCollection(context.db)
    .where('expiry_shard', '==', shard)
    .where('status', 'in', OPEN_STATUSES)
    .where('expires_at', '<=', Timestamp.fromMillis(context.now(Timestamp.now())))
    .orderBy('expires_at')
    .orderBy(FieldPath.documentId())
    .select(...NEEDED)
    .limit(limit);
  const page = await mapErrors(withDeadline(context, (after ? query.startAfter(after) : query).get()));
  recordCost(Math.max(1, page.size), 0);
  if (page.empty) return null;
  const now = context.now(page.readTime);
  const due = page.docs
    .map((document) => ({
      document,
      session: expireIfDue(decodeSession(document.data()), now, context.limits),
    }))
    .filter(({ session }) => !isOpen(session));
  swept.skipped += page.size - due.length;
  const isLast = page.size < limit;
  for (let from = 0; from < due.length && (from === 0 || !isLate()); from += WRITES) {
    const some = due.slice(from, from + WRITES);
    const { written, changed, failures } = await writeEndings(context, some);
    swept.expired += written.length;
    swept.skipped += changed.length;
    swept.failed += failures.length;
    if (failures.length > 0) swept.failure ??= toSessionError(failures[0]);
    if (failures.length === some.length) {
      swept.more ||= !isLast || from + some.length < due.length;
      return null;
    }
  }
  return isLast ? null : (page.docs.at(-1) ?? null);
};
