import { randomUUID } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';

/** An Admin client at an address, by default of a project of its own. FIRESTORE_EMULATOR_HOST would win over the client's settings. */
export function firestoreAt(address: string, projectId = `demo-${randomUUID()}`): Firestore {
  const before = process.env.FIRESTORE_EMULATOR_HOST;
  process.env.FIRESTORE_EMULATOR_HOST = address;
  try {
    return new Firestore({ projectId });
  } finally {
    if (before === undefined) delete process.env.FIRESTORE_EMULATOR_HOST;
    else process.env.FIRESTORE_EMULATOR_HOST = before;
  }
}
