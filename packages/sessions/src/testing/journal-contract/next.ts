import assert from 'node:assert/strict';
import { appending, appendings, creation, newLine } from './entries.ts';
import type { JournalContract } from './journal-harness.ts';

export const nextContract: JournalContract = (open) =>
  describe('next() and pending()', () => {
    it('return nothing without a pending entry', async () => {
      const { journal } = await open();
      await journal.accept(creation(newLine()));
      assert.equal(await journal.next(newLine()), null);
      assert.deepEqual(await journal.pending(newLine()), []);
    });

    it('place a creation first at any time of its arrival', async () => {
      const { journal, peer } = await open();
      const line = newLine();
      const entries = appendings(line, 2);
      for (const entry of entries) await journal.accept(entry);
      await (peer ?? journal).accept(creation(line));
      assert.deepEqual(await journal.next(line), creation(line));
      assert.deepEqual(await journal.pending(line), [creation(line), ...entries]);
    });

    it('return the entries of a session in the order of acceptance, for any times', async () => {
      const { journal, peer } = await open();
      const line = newLine();
      const entries = [creation(line), ...appendings(line, 5)].map((entry, index) => ({
        ...entry,
        accepted_at: 1000 - index,
      }));
      for (const [index, entry] of entries.entries()) {
        await (index % 2 ? journal : (peer ?? journal)).accept(entry);
        await journal.accept(appending(newLine()));
      }
      for (const reader of [journal, peer ?? journal]) {
        assert.deepEqual(await reader.next(line), entries[0]);
        assert.deepEqual(await reader.pending(line), entries);
      }
    });

    it('separate sessions that share the session id or the owner', async () => {
      const { journal } = await open();
      const line = newLine();
      const others = [{ ...line, owner: 'bob' }, newLine()];
      const entries = [line, ...others].map((one) => appending(one));
      for (const entry of entries) await journal.accept(entry);
      for (const [index, one] of [line, ...others].entries())
        assert.deepEqual(await journal.pending(one), [entries[index]]);
    });
  });
