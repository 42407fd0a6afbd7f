import assert from 'node:assert/strict';
import type { MeteredFirestore } from '../../proxy/metered-firestore.ts';

/** A proxy that logs its calls, and whose nth cost has n reads. */
export const fakeFirestore = (emulator: string, log: string[] = []): MeteredFirestore => {
  let taken = 0;
  return {
    emulator,
    address: 'unused',
    async delay(ms) {
      log.push(`delay ${ms}`);
    },
    async take() {
      taken += 1;
      log.push('take');
      return { rpcs: {}, reads: taken, writes: 0, deletes: 0, bytesUp: 0, bytesDown: 0, trips: 0 };
    },
    stop: () => assert.fail('no stop is expected'),
  };
};
