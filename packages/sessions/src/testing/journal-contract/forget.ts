import assert from 'node:assert/strict';
import { newMessage, newMessages } from '../actor.ts';
import { assertFails } from '../assert-fails.ts';
import { appending, appendings, creation, newLine } from './entries.ts';
import type { JournalContract, JournalHarness } from './journal-harness.ts';

/** Removes the entries of an owner. A journal of which a part is unavailable must fail. */
export const forget = async (
  { journal, isComplete }: Pick<JournalHarness, 'journal' | 'isComplete'>,
  owner: string,
  expected: number,
): Promise<void> => {
  if (isComplete) assert.equal(await journal.removeOwner(owner), expected);
  else await assertFails(journal.removeOwner(owner), 'unavailable', {});
};

export const forgetContract: JournalContract = (open) =>
  describe('removeOwner()', () => {
    it('removes all pending entries of an owner from all sessions, and none of others', async () => {
      const harness = await open();
      const { journal, peer } = harness;
      const [one, two] = [newLine(), newLine()];
      const theirs = { ...one, owner: 'bob' };
      const kept = [creation(theirs), appending(theirs, newMessages(2))];
      const forgotten = [creation(one), ...appendings(one, 2), appending(two, newMessages(3))];
      for (const entry of [...forgotten, ...kept]) await journal.accept(entry);
      await forget(harness, 'ann', 4);
      for (const reader of [journal, peer ?? journal]) {
        assert.deepEqual(await reader.pendingSessions(10), [theirs]);
        for (const line of [one, two]) {
          assert.equal(await reader.next(line), null);
          assert.deepEqual(await reader.pending(line), []);
        }
        assert.deepEqual(await reader.pending(theirs), kept);
        const { entries, sessions } = await reader.size();
        assert.deepEqual([entries, sessions], [2, 1]);
      }
      for (const { operation, entry_id } of forgotten)
        assert.equal(await journal.remove(operation, entry_id), false);
    });

    it('removes entries once and does nothing for an owner without any', async () => {
      const harness = await open();
      const line = newLine();
      await harness.journal.accept(appending(line));
      for (const owner of ['an', 'ann ', '*', 'bob', '']) await forget(harness, owner, 0);
      assert.deepEqual(await harness.journal.pendingSessions(10), [line]);
      await forget(harness, 'ann', 1);
      await forget(harness, 'ann', 0);
      assert.deepEqual(await harness.journal.size(), { entries: 0, bytes: 0, sessions: 0 });
    });

    it('treats an owner only as a name', async () => {
      const harness = await open();
      const owners = ['ann', 'ann ', 'a","b', '{ann}', '}{', '[]', '"', '\\', 'ann\n', '*', '𝄞'];
      for (const owner of owners) await harness.journal.accept(appending(newLine(owner)));
      for (const [index, owner] of owners.entries()) {
        await forget(harness, owner, 1);
        const left = await harness.journal.pendingSessions(100);
        assert.deepEqual(
          left.map((line) => line.owner),
          owners.slice(index + 1),
        );
      }
    });

    it('releases the space of the owner and of the total, and the ids', async () => {
      const perOwner = { entries: 2, bytes: 10_000 };
      const harness = await open({ entries: 3, perOwner });
      const { journal } = harness;
      const message = newMessage();
      await journal.accept(appending(newLine(), [message]));
      await journal.accept(appending(newLine()));
      const theirs = appending(newLine('bob'));
      await journal.accept(theirs);
      await assertFails(journal.accept(appending(newLine('cas'))), 'unavailable', {});
      await forget(harness, 'ann', 2);
      const again = appending(newLine(), [{ ...message, content: 'other' }]);
      for (const entry of [again, appending(newLine())])
        assert.equal((await journal.accept(entry)).isNew, true);
      await assertFails(journal.accept(appending(newLine())), 'unavailable', {});
      assert.deepEqual(await journal.pending(theirs.operation), [theirs]);
      assert.deepEqual(await journal.pending(again.operation), [again]);
    });

    it('keeps earlier refusals', async () => {
      const harness = await open();
      const { journal } = harness;
      const entry = appending(newLine());
      await journal.accept(entry);
      await journal.refuse(entry.operation, entry.entry_id, 'invalid');
      await forget(harness, 'ann', 0);
      assert.equal(await journal.refusal(entry.operation), 'invalid');
    });
  });
