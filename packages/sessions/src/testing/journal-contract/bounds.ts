import assert from 'node:assert/strict';
import { entryBytes } from '../../journal/journal.ts';
import { newMessage } from '../actor.ts';
import { assertFails } from '../assert-fails.ts';
import { appending, appendings, creation, newLine } from './entries.ts';
import type { JournalContract } from './journal-harness.ts';

const assertFull = (work: Promise<unknown>) => assertFails(work, 'unavailable', {});

export const boundsContract: JournalContract = (open) =>
  describe('the journal limits', () => {
    it('restrict the entries of all sessions until one is removed', async () => {
      const { journal, peer } = await open({ entries: 3 });
      const [line, other] = [newLine(), newLine('bob')];
      const first = creation(line);
      for (const entry of [first, appending(line), appending(other)]) await journal.accept(entry);
      for (const full of [journal, peer ?? journal]) await assertFull(full.accept(appending(newLine())));
      assert.equal((await journal.size()).entries, 3);
      assert.equal(await journal.remove(line, first.entry_id), true);
      await (peer ?? journal).accept(appending(newLine()));
      await assertFull(journal.accept(appending(newLine())));
    });

    it('restrict each owner in addition to the total and leave space for others', async () => {
      const entries = appendings(newLine('ann'), 3);
      const bytes = Math.max(...entries.map(entryBytes));
      for (const perOwner of [
        { entries: 2, bytes: 3 * bytes },
        { entries: 3, bytes: 3 * bytes - 1 },
      ]) {
        const { journal, peer } = await open({ perOwner });
        const [first, second, third] = entries;
        assert.ok(first && second && third);
        for (const entry of [first, second]) await journal.accept(entry);
        await assertFull((peer ?? journal).accept(third));
        for (const entry of appendings(newLine('bob'), 2)) await journal.accept(entry);
        await journal.remove(first.operation, first.entry_id);
        await (peer ?? journal).accept(third);
        await assertFull(journal.accept(first));
        assert.equal((await journal.size()).entries, 4);
      }
    });

    it('count the bytes of the entries exactly', async () => {
      const line = newLine();
      const [one, two] = [appending(line, [newMessage({ content: 'ü'.repeat(500) })]), appending(line)];
      assert.ok(entryBytes(one) > 1000);
      const { journal } = await open({ bytes: entryBytes(one) + entryBytes(two) });
      await journal.accept(one);
      const longer = appending(line, [newMessage({ content: 'What is an erf??' })]);
      assert.equal(entryBytes(longer), entryBytes(two) + 1);
      await assertFull(journal.accept(longer));
      await journal.accept(two);
      assert.deepEqual(await journal.pending(line), [one, two]);
    });

    it('admit a stored entry again without space for another', async () => {
      const { journal, peer } = await open({ entries: 1 });
      const entry = creation(newLine());
      const { held_by: name } = await journal.accept(entry);
      assert.equal((await (peer ?? journal).accept(entry)).held_by, name);
    });

    it('apply to parallel entries', async () => {
      const line = newLine();
      const offered = appendings(line, 40);
      const bytes = Math.max(...offered.map(entryBytes));
      const limits = [{ entries: 7 }, { bytes: 7 * bytes }];
      for (const bounds of limits) {
        const { journal, peer } = await open(bounds);
        const outcomes = await Promise.allSettled(
          offered.map((entry, index) => (index % 2 ? journal : (peer ?? journal)).accept(entry)),
        );
        const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
        for (const { reason } of refused) await assertFull(Promise.reject(reason));
        assert.equal(refused.length, 33);
        const acknowledged = offered.filter((_, index) => outcomes[index]?.status === 'fulfilled');
        const waiting = await journal.pending(line);
        assert.deepEqual(new Set(waiting), new Set(acknowledged));
      }
    });
  });
