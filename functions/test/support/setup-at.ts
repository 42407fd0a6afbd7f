import { randomInt } from 'node:crypto';
import { Firestore } from 'firebase-admin/firestore';
import type { FirestoreSetup, Limits } from '../../src/session/index.ts';

/** A setup over a client of its own at `address`; FIRESTORE_EMULATOR_HOST would win over the client's settings. */
export const setupAt = (
  address: string,
  projectId: string,
  limits: Limits,
  databaseId = '(default)',
): FirestoreSetup => {
  const before = process.env.FIRESTORE_EMULATOR_HOST;
  process.env.FIRESTORE_EMULATOR_HOST = address;
  try {
    return {
      db: new Firestore({ projectId, databaseId }),
      limits,
      deadlineMs: 30_000,
      now: (readTime) => readTime.toMillis(),
      random: (below) => randomInt(below),
    };
  } finally {
    if (before === undefined) delete process.env.FIRESTORE_EMULATOR_HOST;
    else process.env.FIRESTORE_EMULATOR_HOST = before;
  }
};
