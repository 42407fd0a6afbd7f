import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import type { Entry, Journal, SessionKey } from '../../journal/journal.ts';
import { appendings, entryIds, newLine } from './entries.ts';
import type { JournalContract } from './journal-harness.ts';

const AT_ONCE = 200;

const acceptAll = async (journal: Journal, entries: Entry[]): Promise<void> => {
  for (let from = 0; from < entries.length; from += AT_ONCE)
    await Promise.all(entries.slice(from, from + AT_ONCE).map((entry) => journal.accept(entry)));
};

/** Those that come too early, because one before them took its time, are offered again. */
const takeOffAll = async (journal: Journal, line: SessionKey, entry_ids: string[]): Promise<void> => {
  for (let left = entry_ids; left.length > 0; ) {
    const first = left.slice(0, AT_ONCE);
    const taken = await Promise.all(first.map((entry_id) => journal.remove(line, entry_id)));
    assert.ok(taken[0]);
    left = [...first.filter((_, index) => !taken[index]), ...left.slice(AT_ONCE)];
  }
};

/** Fills a line, offers all of it again, reads and empties it; milliseconds per entry. */
const passThrough = async (journal: Journal, count: number): Promise<number> => {
  const line = newLine();
  const entries = appendings(line, count);
  const began = performance.now();
  await acceptAll(journal, entries);
  await acceptAll(journal, entries);
  const waiting = entryIds(await journal.pending(line));
  await takeOffAll(journal, line, waiting);
  const took = performance.now() - began;
  assert.deepEqual(waiting.toSorted(), entryIds(entries).toSorted());
  assert.deepEqual(await journal.size(), { entries: 0, bytes: 0, sessions: 0 });
  return took / count;
};

export const volumeContract: JournalContract = (open) =>
  describe('volume', () => {
    it('costs no more per entry with 10,000 on one line than with 1,000', async () => {
      const { journal } = await open({ entries: 10_000, bytes: 100_000_000 });
      const short = [];
      for (let pass = 0; pass < 4; pass += 1) short.push(await passThrough(journal, 1000));
      const few = Math.min(...short);
      const many = await passThrough(journal, 10_000);
      // Where time per entry grows with their number it is ten times as much.
      assert.ok(many < 5 * few, `expected about ${few} ms per entry, found ${many} ms`);
    })
      .timeout(60_000)
      .retries(3);
  });
