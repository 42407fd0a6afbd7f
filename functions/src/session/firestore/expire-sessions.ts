import { type BulkWriter, FieldPath, type QueryDocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import type { Clock } from '../clock.ts';
import { charge } from '../cost.ts';
import { asOf, isOpen } from '../life-cycle.ts';
import { decodeSession } from './codec.ts';
import { sessionsOf } from './documents.ts';
import { answered, asAnswer, isChanged } from './failures.ts';
import { inTime } from './in-time.ts';
import type { FirestoreSetup } from './setup.ts';

const PAGE = 500;
const MAX_TRIES = 5;

/** What of a session its expiry needs: not `recent`, which may be 64 KB. */
const NEEDED = ['status', 'created_at', 'expires_at'];

export type Swept = {
  expired: number;
  /** Changed between the sweep's read and its write: touched, ended, expired by another sweep or by a write of this one that was taken to have failed. */
  skipped: number;
  failed: number;
  /** The first error behind `failed`, for the log. */
  failure?: unknown;
  /** Whether the time budget ended before the work. */
  more: boolean;
};

/**
 * Expires every session that is due, in pages of at most {@link PAGE} from each shard, until nothing is due or
 * `deadline` (milliseconds, by `clock`) has come. Each session is written on the condition that it is as it was
 * read, so one that is touched meanwhile stays open and sweeps may overlap. 1 read and 1 write per session.
 */
export const expireSessions = async (
  setup: FirestoreSetup,
  { deadline, clock }: { deadline: number; clock: Clock },
): Promise<Swept> => {
  const swept: Swept = { expired: 0, skipped: 0, failed: 0, more: false };
  const { expiryShards } = setup.limits;
  // Not always the same first: where the time never suffices for all, none is left out for good.
  const first = setup.random(expiryShards);
  for (let turn = 0; turn < expiryShards; turn += 1) {
    const shard = (first + turn) % expiryShards;
    let after: QueryDocumentSnapshot | null = null;
    do {
      if (clock() >= deadline) return { ...swept, more: true };
      after = await sweepPage(setup, shard, after, swept);
    } while (after);
  }
  return swept;
};

/** Sweeps the page behind `after`; returns the last of it, or null where it was the last page of its shard. */
const sweepPage = async (
  setup: FirestoreSetup,
  shard: number,
  after: QueryDocumentSnapshot | null,
  swept: Swept,
): Promise<QueryDocumentSnapshot | null> => {
  const due = sessionsOf(setup.db)
    .where('expiry_shard', '==', shard)
    .where('status', 'in', ['active', 'escalated'])
    .where('expires_at', '<=', Timestamp.fromMillis(setup.now(Timestamp.now())))
    .orderBy('expires_at')
    .orderBy(FieldPath.documentId())
    .select(...NEEDED)
    .limit(PAGE);
  const page = await answered(inTime(setup, (after ? due.startAfter(after) : due).get()));
  charge(Math.max(1, page.size), 0);
  if (page.empty) return null;
  const now = setup.now(page.readTime);
  const writer = setup.db.bulkWriter();
  writer.onWriteError((error) => !isChanged(error) && error.failedAttempts < MAX_TRIES);
  const writes = page.docs.map((document) => expire(setup, writer, document, now, swept));
  await writer.close();
  await Promise.all(writes);
  return page.size < PAGE ? null : (page.docs.at(-1) ?? null);
};

const expire = async (
  setup: FirestoreSetup,
  writer: BulkWriter,
  document: QueryDocumentSnapshot,
  now: number,
  swept: Swept,
): Promise<void> => {
  const session = asOf(decodeSession(document.data()), now, setup.limits);
  if (isOpen(session)) {
    swept.skipped += 1;
    return;
  }
  const { status, ended_at, end_reason, uncounted } = session;
  try {
    await writer.update(
      document.ref,
      { status, end_reason, uncounted, ended_at: ended_at && Timestamp.fromMillis(Date.parse(ended_at)) },
      { lastUpdateTime: document.updateTime },
    );
    charge(0, 1);
    swept.expired += 1;
  } catch (error) {
    if (isChanged(error)) {
      swept.skipped += 1;
    } else {
      swept.failed += 1;
      swept.failure ??= asAnswer(error);
    }
  }
};
