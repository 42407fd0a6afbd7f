import { acceptContract } from './accept.ts';
import { boundsContract } from './bounds.ts';
import { concurrencyContract } from './concurrency.ts';
import { forgetContract } from './forget.ts';
import type { JournalHarness, MakeJournalHarness } from './journal-harness.ts';
import { modelContract } from './model.ts';
import { nextContract } from './next.ts';
import { linesContract } from './pending-sessions.ts';
import { refuseContract } from './refuse.ts';
import { takeOffContract } from './remove.ts';
import { sizeContract } from './size.ts';
import { volumeContract } from './volume.ts';

/** Part of the contract: tests that open each the harness they need, closed after the test. */
export type JournalContract = (open: MakeJournalHarness) => void;

const CONTRACTS: JournalContract[] = [
  acceptContract,
  boundsContract,
  nextContract,
  linesContract,
  takeOffContract,
  refuseContract,
  forgetContract,
  sizeContract,
  concurrencyContract,
  volumeContract,
  modelContract,
];

/** Tests that a journal keeps the promises of Journal. */
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
