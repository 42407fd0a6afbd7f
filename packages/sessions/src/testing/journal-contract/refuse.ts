import assert from 'node:assert/strict';
import { REFUSAL_REASONS } from 'kb-sessions-contract/errors';
import { type Entry, MAX_REFUSALS } from '../../journal/journal.ts';
import { newMessages } from '../actor.ts';
import { appending, creation, entryIds, newLine } from './entries.ts';
import type { JournalContract } from './journal-harness.ts';

/** How many refusals run at the same time: one after the other they take seconds in Redis. */
const AT_ONCE = 250;

export const refuseContract: JournalContract = (open) =>
  describe('refuse() and refusal()', () => {
    it('remove the first entry of its session and store the reason', async () => {
      const { journal, peer } = await open();
      const line = newLine();
      const entries = [
        creation(line),
        ...REFUSAL_REASONS.slice(1).map(() => appending(line, newMessages(3))),
      ];
      for (const entry of entries) await journal.accept(entry);
      for (const [index, entry] of entries.entries()) {
        const { entry_id, operation } = entry;
        const reason = REFUSAL_REASONS[index] ?? 'invalid';
        assert.equal(await journal.refusal(operation), null);
        assert.equal(await journal.refuse(line, entry_id, reason), true);
        assert.equal(await (peer ?? journal).refuse(line, entry_id, 'failing'), false);
        assert.equal(await (peer ?? journal).refusal({ ...operation, replay: true }), reason);
        assert.deepEqual(await journal.pending(line), entries.slice(index + 1));
      }
      assert.deepEqual(await journal.pendingSessions(10), []);
    });

    it('apply only to that operation, not to others with its ids, its session or its owner', async () => {
      const { journal } = await open();
      const line = newLine();
      const [one, two] = newMessages(2);
      assert.ok(one && two);
      const refused = appending(line, [one, two]);
      await journal.accept(refused);
      await journal.refuse(line, refused.entry_id, 'erased');
      assert.equal(await journal.refusal(refused.operation), 'erased');
      const others = [
        creation(line),
        appending(line, [one]),
        appending(line, [one, { ...two, content: 'other' }]),
        appending(newLine(), [one, two]),
        appending({ ...line, owner: 'bob' }, [one, two]),
      ];
      for (const { operation } of others) assert.equal(await journal.refusal(operation), null);
    });

    it('store no content: the space and the ids are free again', async () => {
      const { journal } = await open({ entries: 1 });
      const line = newLine();
      const entry = appending(line);
      await journal.accept(entry);
      await journal.refuse(line, entry.entry_id, 'failing');
      assert.deepEqual(await journal.size(), { entries: 0, bytes: 0, sessions: 0 });
      assert.equal(await journal.next(line), null);
      await journal.accept(entry);
      assert.deepEqual(entryIds(await journal.pending(line)), [entry.entry_id]);
      assert.equal(await journal.refusal(entry.operation), 'failing');
    });

    it('store the latest reason', async () => {
      const { journal } = await open();
      const line = newLine();
      const entry = appending(line);
      for (const reason of REFUSAL_REASONS) {
        await journal.accept(entry);
        await journal.refuse(line, entry.entry_id, reason);
        assert.equal(await journal.refusal(entry.operation), reason);
      }
    });

    it('discard the oldest of very many refusals, by their latest time', async () => {
      const { journal } = await open();
      const refuse = async (...entries: Entry[]): Promise<void> => {
        await Promise.all(entries.map((entry) => journal.accept(entry)));
        const refusing = entries.map(({ operation, entry_id }) =>
          journal.refuse(operation, entry_id, 'invalid'),
        );
        await Promise.all(refusing);
      };
      const entries = Array.from({ length: MAX_REFUSALS + 1 }, () => appending(newLine()));
      const [again, oldest, next, ...others] = entries;
      const last = others.pop();
      assert.ok(again && oldest && next && last);
      for (const entry of [again, oldest, next]) await refuse(entry);
      for (let from = 0; from < others.length; from += AT_ONCE)
        await refuse(...others.slice(from, from + AT_ONCE));
      for (const entry of [again, last]) await refuse(entry);
      assert.equal(await journal.refusal(oldest.operation), null);
      for (const { operation } of [again, next, last])
        assert.equal(await journal.refusal(operation), 'invalid');
    });
  });
