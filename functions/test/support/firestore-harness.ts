import { randomInt, randomUUID } from 'node:crypto';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import {
  expireSessions,
  type FirestoreSetup,
  FirestoreStore,
  type Limits,
  reconcileCounters,
} from '../../src/session/index.ts';
import { frozenTime } from './frozen-time.ts';
import { SMALL_LIMITS } from './limits.ts';
import type { StoreHarness } from './store-harness.ts';

export type FirestoreHarness = StoreHarness & {
  /** What the store works with, for tests that count, sweep or look at documents. */
  readonly setup: FirestoreSetup;
};

/** Out of the way of a slow machine: nothing here is about it. */
const DEADLINE_MS = 30_000;

/** FirestoreStores on the emulator whose time is the emulator's, moved on by what a test advances. */
export const firestoreHarness = (limits: Partial<Limits> = {}): FirestoreHarness => {
  let ahead = 0;
  return harnessOn(limits, (readTime) => readTime.toMillis() + ahead, {
    now: () => Date.now() + ahead,
    advance: (ms) => {
      ahead += ms;
    },
  });
};

/** The same with a time that stands still until it is advanced, so that times can be compared to the millisecond. */
export const frozenFirestoreHarness = (limits: Partial<Limits> = {}): FirestoreHarness => {
  const time = frozenTime();
  return harnessOn(limits, time.now, time);
};

const harnessOn = (
  given: Partial<Limits>,
  now: FirestoreSetup['now'],
  time: Pick<StoreHarness, 'now' | 'advance'>,
): FirestoreHarness => {
  if (!process.env.FIRESTORE_EMULATOR_HOST) {
    throw new Error('FIRESTORE_EMULATOR_HOST must name a running Firestore emulator: npm test sees to it');
  }
  const limits = { ...SMALL_LIMITS, ...given };
  const projectId = `demo-${randomUUID()}`;
  const [first, second] = [openInstance(projectId), openInstance(projectId)] as const;
  const random = (below: number) => randomInt(below);
  const setup = { db: first.db, limits, deadlineMs: DEADLINE_MS, now, random };
  return {
    setup,
    store: new FirestoreStore(setup),
    peer: new FirestoreStore({ ...setup, db: second.db }),
    limits,
    decidesAtOnce: true,
    ...time,
    settle: async () => {
      await expireSessions(setup, { deadline: Number.POSITIVE_INFINITY, clock: Date.now });
      await reconcileCounters(setup, { youngMs: 0, deadline: Number.POSITIVE_INFINITY, clock: Date.now });
    },
    close: async () => {
      await Promise.all([first.close(), second.close()]);
    },
  };
};

/** An app, and so a connection, of its own, as each instance of a function has. */
const openInstance = (projectId: string) => {
  const app = initializeApp({ projectId }, randomUUID());
  const db = getFirestore(app);
  const close = async () => {
    await db.terminate();
    await deleteApp(app);
  };
  return { db, close };
};
