import assert from 'node:assert/strict';
import { entryBytes } from '../../journal/journal.ts';
import { newMessages } from '../actor.ts';
import { appending, creation, newLine } from './entries.ts';
import type { JournalContract } from './journal-harness.ts';

export const sizeContract: JournalContract = (open) =>
  describe('size()', () => {
    it('counts the entries, their bytes, and the sessions that they open', async () => {
      const { journal, peer } = await open();
      const [line, other] = [newLine(), newLine()];
      const entries = [creation(line), appending(line, newMessages(3)), creation(other)];
      let bytes = 0;
      for (const [index, entry] of entries.entries()) {
        await journal.accept(entry);
        bytes += entryBytes(entry);
        const sessions = index === 2 ? 2 : 1;
        assert.deepEqual(await (peer ?? journal).size(), { entries: index + 1, bytes, sessions });
      }
      assert.equal(journal.isKnownEmpty, false);
      await journal.remove(line, line.session_id);
      bytes -= entryBytes(creation(line));
      assert.deepEqual(await journal.size(), { entries: 2, bytes, sessions: 1 });
      await journal.refuse(other, other.session_id, 'not-found');
      bytes -= entryBytes(creation(other));
      assert.deepEqual(await (peer ?? journal).size(), { entries: 1, bytes, sessions: 0 });
    });
  });
