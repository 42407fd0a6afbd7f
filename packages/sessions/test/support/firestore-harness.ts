import { randomUUID } from 'node:crypto';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import type { FirestoreContext } from '../../src/firestore/index.ts';
import type { Limits } from '../../src/index.ts';
import type { StoreHarness } from '../../src/testing/store-harness.ts';
import { frozenTime } from './frozen-time.ts';
import { type FirestoreHarness, harnessOver } from './harness-over.ts';

export type { FirestoreHarness } from './harness-over.ts';

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
  limits: Partial<Limits>,
  now: FirestoreContext['now'],
  time: Pick<StoreHarness, 'now' | 'advance'>,
): FirestoreHarness => {
  if (!process.env.FIRESTORE_EMULATOR_HOST) {
    throw new Error('FIRESTORE_EMULATOR_HOST must name a running Firestore emulator: npm test sees to it');
  }
  const projectId = `demo-${randomUUID()}`;
  const [first, second] = [openInstance(projectId), openInstance(projectId)] as const;
  const close = async () => {
    await Promise.all([first.close(), second.close()]);
  };
  return harnessOver({ clients: [first.db, second.db], limits, now, time, close });
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
