import { randomInt } from 'node:crypto';
import { Firestore } from 'firebase-admin/firestore';
import type { FirestoreContext } from '../../src/firestore/index.ts';
import type { Limits } from '../../src/index.ts';

/** A context over a client of its own at `address`; FIRESTORE_EMULATOR_HOST would win over the client's settings. */
export const contextAt = (
  address: string,
  projectId: string,
  limits: Limits,
  databaseId = '(default)',
): FirestoreContext => {
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
