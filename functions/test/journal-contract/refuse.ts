import assert from 'node:assert/strict';
import type { RefusalReason } from '../../src/session/errors.ts';
import { newMessages } from '../support/actor.ts';
import { appending, appendings, creation, entryIds, known, newLine } from './entries.ts';
import type { JournalContract } from './journal-contract.ts';

const REASONS: RefusalReason[] = ['not-found', 'erased', 'invalid', 'failing'];

export const refuseContract: JournalContract = (open) =>
  describe('refuse() and refusal()', () => {
    it('take the first entry off its line and remember why, by each of its ids', async () => {
      const { journal, peer } = await open();
      const line = newLine();
      const entries = [creation(line), ...REASONS.slice(1).map(() => appending(line, newMessages(3)))];
      for (const entry of entries) await journal.accept(entry);
      for (const [index, entry] of entries.entries()) {
        const { entry_id, ids } = known(entry);
        const reason = REASONS[index] ?? 'invalid';
        assert.equal(await journal.refusal(line, ids), null);
        assert.equal(await journal.refuse(line, entry_id, reason), true);
        assert.equal(await (peer ?? journal).refuse(line, entry_id, 'failing'), false);
        for (const id of ids) assert.equal(await (peer ?? journal).refusal(line, [id]), reason);
        assert.deepEqual(await journal.waiting(line), entries.slice(index + 1));
      }
      assert.deepEqual(await journal.lines(10), []);
    });

    it('answer for any of the ids, and for nobody else', async () => {
      const { journal } = await open();
      const line = newLine();
      const [refused, other] = appendings(line, 2);
      assert.ok(refused && other);
      await journal.accept(refused);
      await journal.refuse(line, refused.entry_id, 'erased');
      assert.equal(await journal.refusal(line, [other.entry_id, refused.entry_id]), 'erased');
      assert.equal(await journal.refusal(line, [other.entry_id]), null);
      for (const elsewhere of [newLine(), { ...line, owner: 'bob' }])
        assert.equal(await journal.refusal(elsewhere, [refused.entry_id]), null);
    });

    it('keep no content: it takes no room, and its ids are free', async () => {
      const { journal } = await open({ entries: 1 });
      const line = newLine();
      const entry = appending(line);
      await journal.accept(entry);
      await journal.refuse(line, entry.entry_id, 'failing');
      assert.deepEqual(await journal.size(), { entries: 0, bytes: 0, sessions: 0 });
      assert.equal(await journal.next(line), null);
      await journal.accept(entry);
      assert.deepEqual(entryIds(await journal.waiting(line)), [entry.entry_id]);
      assert.equal(await journal.refusal(line, [entry.entry_id]), 'failing');
    });

    it('remember the reason of the last time', async () => {
      const { journal } = await open();
      const line = newLine();
      const entry = appending(line);
      for (const reason of REASONS) {
        await journal.accept(entry);
        await journal.refuse(line, entry.entry_id, reason);
        assert.equal(await journal.refusal(line, [entry.entry_id]), reason);
      }
    });

    it('forget the oldest of very many, the last time counting', async () => {
      const { journal } = await open();
      const line = newLine();
      const entries = Array.from({ length: 1001 }, () => appending(line, newMessages(10)));
      const [again, oldest, next] = entries;
      const last = entries.at(-1);
      assert.ok(again && oldest && next && last);
      for (const entry of [...entries.slice(0, -1), again, last]) {
        await journal.accept(entry);
        await journal.refuse(line, entry.entry_id, 'invalid');
      }
      for (const id of known(oldest).ids) assert.equal(await journal.refusal(line, [id]), null);
      for (const entry of [again, next, last])
        for (const id of known(entry).ids) assert.equal(await journal.refusal(line, [id]), 'invalid');
    });
  });
