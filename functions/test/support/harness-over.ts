import { randomInt } from 'node:crypto';
import type { Firestore } from 'firebase-admin/firestore';
import {
  expireSessions,
  type FirestoreSetup,
  FirestoreStore,
  type Limits,
  reconcileCounters,
} from '../../src/session/index.ts';
import type { FirestoreHarness } from './firestore-harness.ts';
import { SMALL_LIMITS } from './limits.ts';
import type { StoreHarness } from './store-harness.ts';

/** Out of the way of a slow machine: nothing here is about it. */
const DEADLINE_MS = 30_000;

export type Ground = {
  /** Two clients of one database, as two instances have them. */
  clients: readonly [Firestore, Firestore];
  limits: Partial<Limits>;
  now: FirestoreSetup['now'];
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
  const setup = { db, limits, deadlineMs: DEADLINE_MS, now, random };
  return {
    setup,
    store: new FirestoreStore(setup),
    peer: new FirestoreStore({ ...setup, db: other }),
    limits,
    decidesAtOnce: true,
    ...time,
    settle: async () => {
      await expireSessions(setup, { deadline: Number.POSITIVE_INFINITY, clock: Date.now });
      await reconcileCounters(setup, { youngMs: 0, deadline: Number.POSITIVE_INFINITY, clock: Date.now });
    },
    close,
  };
};
