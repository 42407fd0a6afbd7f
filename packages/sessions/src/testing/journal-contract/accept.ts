import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { newMessage, newMessages } from '../actor.ts';
import { assertFails } from '../assert-fails.ts';
import { appending, creation, entryIds, newLine } from './entries.ts';
import type { JournalContract } from './journal-harness.ts';

const assertTaken = (work: Promise<unknown>) => assertFails(work, 'already-exists', { field: 'message_id' });

export const acceptContract: JournalContract = (open) =>
  describe('accept()', () => {
    it('stores a complete copy of the entry', async () => {
      const { journal, peer } = await open();
      const line = newLine();
      const message = newMessage({
        role: 'assistant',
        content: 'ünï \u2028 "quoted" \\ 𝄞\n',
        metadata: { confidence: 0.25, topics: ['erf'], own: { deep: [1, null, -0.5e-7] } },
      });
      const entries = [creation(line), appending(line, [message, newMessage()])];
      const kept = structuredClone(entries);
      for (const entry of entries) await journal.accept(entry);
      message.content = 'changed';
      message.metadata.topics?.push('changed');
      assert.deepEqual(await (peer ?? journal).pending(line), kept);
    });

    it('returns the name of its storage, equal for every call and every instance', async () => {
      const { journal, peer } = await open();
      const { held_by: name } = await journal.accept(creation(newLine()));
      assert.notEqual(name, '');
      assert.equal((await journal.accept(appending(newLine()))).held_by, name);
      if (peer) assert.equal((await peer.accept(appending(newLine()))).held_by, name);
    });

    it('returns a different name for a different journal', async () => {
      const one = await open();
      const { held_by: name } = await one.journal.accept(creation(newLine()));
      const other = await open();
      assert.notEqual((await other.journal.accept(creation(newLine()))).held_by, name);
    });

    it('stores a repeated entry once, with any change of its options', async () => {
      const { journal, peer } = await open();
      const line = newLine();
      const message = newMessage({ metadata: { intent: 'a', confidence: 1 } });
      const append = appending(line, [message, newMessage()]);
      const create = creation(line);
      const { held_by: name } = await journal.accept(create);
      await journal.accept(append);
      const size = await journal.size();

      assert.equal((await (peer ?? journal).accept(create)).held_by, name);
      assert.ok(append.kind === 'append');
      const [, second] = append.operation.messages;
      const again = appending(line, [
        { ...message, metadata: { confidence: 1, intent: 'a' } },
        second ?? message,
      ]);
      const later = { ...again, accepted_at: append.accepted_at + 1 };
      assert.ok(later.kind === 'append');
      const operation = { ...later.operation, replay: true, recover: false, context_limit: 5 };
      assert.equal((await (peer ?? journal).accept({ ...later, operation })).held_by, name);
      assert.deepEqual(await journal.pending(line), [create, append]);
      assert.deepEqual(await journal.size(), size);
    });

    it('refuses a pending id with different content', async () => {
      const { journal, peer } = await open();
      const line = newLine();
      const [one, two] = [newMessage(), newMessage()];
      const append = appending(line, [one, two]);
      await journal.accept(append);
      const size = await journal.size();
      const others = [
        [{ ...one, content: 'other' }, two],
        [one, { ...two, metadata: { intent: 'other' } }],
        [{ ...one, role: 'assistant' as const }, two],
        [two, one],
        [one],
        [two],
        [one, two, newMessage()],
        [newMessage(), two],
      ];
      for (const messages of others) {
        await assertTaken(journal.accept(appending(line, messages)));
        await assertTaken((peer ?? journal).accept(appending(line, messages)));
      }
      assert.deepEqual(await journal.pending(line), [append]);
      assert.deepEqual(await journal.size(), size);
    });

    it('stores nothing of a refused entry', async () => {
      const { journal } = await open();
      const line = newLine();
      const [taken, free] = newMessages(2);
      assert.ok(taken && free);
      await journal.accept(appending(line, [taken]));
      await assertTaken(journal.accept(appending(line, [free, { ...taken, content: 'other' }])));
      const elsewhere = newLine('bob');
      await journal.accept(appending(elsewhere, [free]));
      assert.deepEqual(entryIds(await journal.pending(elsewhere)), [free.message_id]);
    });

    it('refuses an id that is pending in another session of the owner', async () => {
      const { journal, peer } = await open();
      const message = newMessage();
      await journal.accept(appending(newLine(), [message]));
      await assertTaken((peer ?? journal).accept(appending(newLine(), [message])));
    });

    it('ignores pending entries of another owner with the same ids', async () => {
      const { journal, peer } = await open();
      const line = newLine();
      const theirs = { ...line, owner: 'bob' };
      const message = newMessage();
      const [mine, other] = [
        appending(line, [message]),
        appending(theirs, [{ ...message, content: 'other' }]),
      ];
      for (const entry of [creation(line), mine]) await journal.accept(entry);
      for (const entry of [creation(theirs), other])
        assert.equal((await (peer ?? journal).accept(entry)).isNew, true);
      await journal.remove(line, line.session_id);
      await journal.refuse(line, mine.entry_id, 'erased');
      assert.deepEqual(await journal.pending(theirs), [creation(theirs), other]);
      assert.equal(await journal.refusal(other.operation), null);
      assert.equal((await journal.size()).entries, 2);
    });

    it('accepts a removed entry again', async () => {
      const { journal } = await open();
      const line = newLine();
      const [one, two] = newMessages(2);
      assert.ok(one && two);
      const entry = appending(line, [one, two]);
      await journal.accept(entry);
      await journal.remove(line, entry.entry_id);
      const elsewhere = newLine();
      await journal.accept(appending(elsewhere, [two]));
      assert.deepEqual(entryIds(await journal.pending(elsewhere)), [two.message_id]);
    });

    it('treats an owner only as a name', async () => {
      const { journal } = await open();
      const session_id = randomUUID();
      const owners = ['ann', 'ann ', 'a","b', '{ann}', '}{', '[]', '"', '\\', 'ann\n', '*', 'ann:lines', '𝄞'];
      for (const owner of owners) {
        const line = { owner, session_id };
        const entry = appending(line);
        await journal.accept(entry);
        assert.deepEqual(await journal.pending(line), [entry]);
      }
      const lines = owners.map((owner) => ({ owner, session_id }));
      assert.deepEqual(await journal.pendingSessions(100), lines);
    });
  });
