import { acceptContract } from './accept.ts';
import { boundsContract } from './bounds.ts';
import { concurrencyContract } from './concurrency.ts';
import { forgetContract } from './forget.ts';
import type { JournalContract, JournalHarness, MakeJournalHarness } from './journal-harness.ts';
import { modelContract } from './model.ts';
import { nextContract } from './next.ts';
import { pendingSessionsContract } from './pending-sessions.ts';
import { refuseContract } from './refuse.ts';
import { removeContract } from './remove.ts';
import { sizeContract } from './size.ts';
import { volumeContract } from './volume.ts';

const CONTRACTS: JournalContract[] = [
  acceptContract,
  boundsContract,
  nextContract,
  pendingSessionsContract,
  removeContract,
  refuseContract,
  forgetContract,
  sizeContract,
  concurrencyContract,
  volumeContract,
  modelContract,
];

/**
 * Registers the tests that a journal keeps the promises of {@link Journal}.
 *
 * @param name the name of the journal, for the titles
 * @example
 * ```ts
 * import { MemoryJournal } from 'kb-sessions/memory';
 * import { journalContract, ROOMY } from 'kb-sessions/testing';
 *
 * journalContract('MemoryJournal', async (bounds) => ({
 *   journal: new MemoryJournal({ ...ROOMY, ...bounds }),
 *   peer: null,
 *   isComplete: true,
 *   close: async () => {},
 * }));
 * ```
 */
export const journalContract = (name: string, makeHarness: MakeJournalHarness): void => {
  describe(`${name} as a Journal`, () => {
    const opened: JournalHarness[] = [];
    const open: MakeJournalHarness = async (bounds) => {
      const harness = await makeHarness(bounds);
      opened.push(harness);
      return harness;
    };
    afterEach(() => Promise.all(opened.splice(0).map((harness) => harness.close())));
    for (const contract of CONTRACTS) contract(open);
  });
};
