import { randomInt } from 'node:crypto';
import type { Firestore } from 'firebase-admin/firestore';
import {
  expireSessions,
  type FirestoreContext,
  FirestoreStore,
  reconcileCounters,
} from '../../src/firestore/index.ts';
import type { Limits } from '../../src/index.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import type { StoreHarness } from '../../src/testing/store-harness.ts';

export type FirestoreHarness = StoreHarness & {
  /** What the store works with, for tests that count, sweep or look at documents. */
  readonly context: FirestoreContext;
};

/** Out of the way of a slow machine: nothing here is about it. */
const DEADLINE_MS = 30_000;

export type Ground = {
  /** Two clients of one database, as two instances have them. */
  clients: readonly [Firestore, Firestore];
  limits: Partial<Limits>;
  now: FirestoreContext['now'];
  time: Pick<StoreHarness, 'now' | 'advance'>;
  close(): Promise<void>;
};

/** FirestoreStores of two instances on one database. */
export const harnessOver = ({
  clients: [db, other],
  limits: given,
  now,
  time,
  close,
}: Ground): FirestoreHarness => {
  const limits = { ...SMALL_LIMITS, ...given };
  const random = (below: number) => randomInt(below);
  const context = { db, limits, deadlineMs: DEADLINE_MS, now, random };
  return {
    context,
    store: new FirestoreStore(context),
    peer: new FirestoreStore({ ...context, db: other }),
    limits,
    decidesAtOnce: true,
    ...time,
    settle: async () => {
      await expireSessions(context, { deadline: Number.POSITIVE_INFINITY, clock: Date.now });
      await reconcileCounters(context, {
        triggerGraceMs: 0,
        deadline: Number.POSITIVE_INFINITY,
        clock: Date.now,
      });
    },
    close,
  };
};
