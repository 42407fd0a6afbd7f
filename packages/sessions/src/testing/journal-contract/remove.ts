import assert from 'node:assert/strict';
import { newMessages } from '../actor.ts';
import { appending, appendings, entryIds, newLine } from './entries.ts';
import type { JournalContract } from './journal-harness.ts';

export const removeContract: JournalContract = (open) =>
  describe('remove()', () => {
    it('removes the first entry of its session once', async () => {
      const { journal, peer } = await open();
      const line = newLine();
      const entries = appendings(line, 3);
      for (const entry of entries) await journal.accept(entry);
      const ids = entryIds(entries);
      for (const [index, id] of ids.entries()) {
        assert.equal(await journal.remove(line, id), true);
        assert.equal(await journal.remove(line, id), false);
        assert.equal(await (peer ?? journal).remove(line, id), false);
        assert.deepEqual(entryIds(await journal.pending(line)), ids.slice(index + 1));
      }
      assert.equal(await journal.next(line), null);
    });

    it('ignores an entry that is not first, not in this session, or not named by its first id', async () => {
      const { journal } = await open();
      const line = newLine();
      const [first, second] = [appending(line, newMessages(2)), appending(line)];
      for (const entry of [first, second]) await journal.accept(entry);
      assert.ok(first.kind === 'append');
      const attempts = [
        [line, second.entry_id],
        [line, first.operation.messages[1]?.message_id ?? ''],
        [line, ''],
        [{ ...line, owner: 'bob' }, first.entry_id],
        [newLine(), first.entry_id],
      ] as const;
      for (const [from, id] of attempts) {
        assert.equal(await journal.remove(from, id), false);
        assert.equal(await journal.refuse(from, id, 'invalid'), false);
      }
      assert.deepEqual(await journal.pending(line), [first, second]);
      assert.equal(await journal.refusal(first.operation), null);
    });

    it('stores nothing about the entry', async () => {
      const { journal } = await open();
      const line = newLine();
      const entry = appending(line);
      await journal.accept(entry);
      await journal.remove(line, entry.entry_id);
      assert.equal(await journal.refusal(entry.operation), null);
      assert.equal(await journal.refuse(line, entry.entry_id, 'erased'), false);
      assert.equal(await journal.refusal(entry.operation), null);
    });
  });
