import assert from 'node:assert/strict';
import type { Entry, Journal, SessionKey } from '../../journal/journal.ts';
import { testSize } from '../test-size.ts';
import { appendings, entryIds, newLine } from './entries.ts';
import type { JournalContract, JournalHarness } from './journal-harness.ts';

const AT_ONCE = 200;

const acceptAll = async (journal: Journal, entries: Entry[]): Promise<void> => {
  for (let from = 0; from < entries.length; from += AT_ONCE)
    await Promise.all(entries.slice(from, from + AT_ONCE).map((entry) => journal.accept(entry)));
};

/** Removes the entries, several at the same time. An entry that was not the first yet is tried again. */
const takeOffAll = async (journal: Journal, line: SessionKey, entry_ids: string[]): Promise<void> => {
  for (let left = entry_ids; left.length > 0; ) {
    const first = left.slice(0, AT_ONCE);
    const taken = await Promise.all(first.map((entry_id) => journal.remove(line, entry_id)));
    assert.ok(taken[0]);
    left = [...first.filter((_, index) => !taken[index]), ...left.slice(AT_ONCE)];
  }
};

/** CPU time in milliseconds, because other work on the machine does not change it. */
const usedCpuMs = async ({ cpuMs }: JournalHarness): Promise<number> => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + ((await cpuMs?.()) ?? 0);
};

/** Accepts the entries of a session twice, reads and removes them. Returns the CPU time per entry in milliseconds. */
const passThrough = async (harness: JournalHarness, count: number): Promise<number> => {
  const { journal } = harness;
  const line = newLine();
  const entries = appendings(line, count);
  const before = await usedCpuMs(harness);
  await acceptAll(journal, entries);
  await acceptAll(journal, entries);
  const waiting = entryIds(await journal.pending(line));
  await takeOffAll(journal, line, waiting);
  const used = (await usedCpuMs(harness)) - before;
  assert.deepEqual(waiting.toSorted(), entryIds(entries).toSorted());
  assert.deepEqual(await journal.size(), { entries: 0, bytes: 0, sessions: 0 });
  return used / count;
};

const MANY = testSize({ test: 2000, soak: 10_000 });
const FEW = MANY / 10;

export const volumeContract: JournalContract = (open) =>
  describe('at a large volume,', () => {
    it('needs no more CPU time per entry in a session with ten times as many entries', async () => {
      const harness = await open({ entries: MANY, bytes: 100_000_000 });
      const few: number[] = [];
      const many: number[] = [];
      // The first passes also pay for the compilation of the code.
      for (let pass = 0; pass < 2; pass += 1) {
        for (let repeat = 0; repeat < 2; repeat += 1) few.push(await passThrough(harness, FEW));
        many.push(await passThrough(harness, MANY));
      }
      const ratio = Math.min(...many) / Math.min(...few);
      // The ratio is 10 where the time per entry grows with their number.
      assert.ok(ratio < 5, `${MANY} entries used ${ratio.toFixed(1)} times as much per entry as ${FEW}`);
    });
  });
