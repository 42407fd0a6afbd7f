import { randomUUID } from 'node:crypto';
import { FirestoreStore } from 'kb-sessions/firestore';
import { SMALL_LIMITS } from 'kb-sessions/internal/testing/small-limits';
import { EMPTY_USER_INFO } from 'kb-sessions-contract/records';
import { runningSuite, type SignedInUser } from 'kb-sessions-testing';
import { contextAt } from '../../../packages/sessions/test/support/context-at.ts';
import type { Hosted } from './hosted.ts';

const HOUR_MS = 60 * 60_000;

/**
 * Creates a session that has expired and that no sweep has found, by the store of an hour ago: no host needs an idle
 * timeout that a slow test would reach. Returns its id.
 */
export const createExpired = async (
  { database }: Pick<Hosted, 'database'>,
  owner: Pick<SignedInUser, 'uid'>,
  expiryShards = SMALL_LIMITS.expiryShards,
): Promise<string> => {
  const { firestore, projectId } = runningSuite();
  const context = contextAt(firestore, projectId, { ...SMALL_LIMITS, expiryShards }, database);
  const session_id = randomUUID();
  try {
    const store = new FirestoreStore({ ...context, now: (readTime) => readTime.toMillis() - HOUR_MS });
    await store.create({ owner: owner.uid, session_id, user: EMPTY_USER_INFO, replay: false });
  } finally {
    await context.db.terminate();
  }
  return session_id;
};
