import assert from 'node:assert/strict';
import { newMessage } from '../actor.ts';
import { appending, appendings, creation, entryIds, newLine } from './entries.ts';
import type { JournalContract, JournalHarness } from './journal-harness.ts';

/** Two instances if the journal shares its data; otherwise the same one twice. */
const twice = ({ journal, peer }: JournalHarness) => [journal, peer ?? journal] as const;

export const concurrencyContract: JournalContract = (open) =>
  describe('under concurrency,', () => {
    it('stores an entry once in parallel calls of accept()', async () => {
      const [one, other] = twice(await open());
      const line = newLine();
      const entry = creation(line);
      const accepted = await Promise.all(
        Array.from({ length: 12 }, (_, index) => (index % 2 ? one : other).accept(entry)),
      );
      assert.equal(new Set(accepted.map(({ held_by }) => held_by)).size, 1);
      assert.equal(accepted.filter(({ isNew }) => isNew).length, 1);
      assert.deepEqual(await one.pending(line), [entry]);
      assert.equal((await other.size()).entries, 1);
    });

    it('accepts one of two contents for one id', async () => {
      const [one, other] = twice(await open());
      const message = newMessage();
      const offers = Array.from({ length: 8 }, (_, index) =>
        appending(newLine(), [{ ...message, content: `content ${index}` }]),
      );
      const outcomes = await Promise.allSettled(
        offers.map((entry, index) => (index % 2 ? one : other).accept(entry)),
      );
      const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'held'));
      assert.deepEqual(codes.toSorted(), [...Array(7).fill('already-exists'), 'held']);
      const winner = offers[codes.indexOf('held')];
      assert.ok(winner);
      assert.deepEqual(await one.pending(winner.operation), [winner]);
      assert.equal((await one.pendingSessions(10)).length, 1);
    });

    it('removes each entry once, in order, with any number of callers', async () => {
      const [one, other] = twice(await open());
      const line = newLine();
      const entries = appendings(line, 30);
      for (const entry of entries) await one.accept(entry);
      const taken: string[] = [];
      const drain = async (journal: typeof one) => {
        for (let entry = await journal.next(line); entry; entry = await journal.next(line)) {
          if (await journal.remove(line, entry.entry_id)) taken.push(entry.entry_id);
        }
      };
      await Promise.all([drain(one), drain(other), drain(one), drain(other)]);
      assert.deepEqual(taken, entryIds(entries));
      assert.deepEqual(await other.size(), { entries: 0, bytes: 0, sessions: 0 });
      assert.deepEqual(await other.pendingSessions(10), []);
    });
  });
