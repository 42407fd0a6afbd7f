import assert from 'node:assert/strict';
import { appending, newLine } from './entries.ts';
import type { JournalContract } from './journal-harness.ts';

export const pendingSessionsContract: JournalContract = (open) =>
  describe('pendingSessions()', () => {
    it('returns a limited number of sessions with pending entries, the longest-waiting first', async () => {
      const { journal, peer } = await open();
      assert.deepEqual(await journal.pendingSessions(10), []);
      const lines = [newLine('bob'), newLine('ann'), newLine('cas')];
      const firsts = lines.map((line) => appending(line));
      for (const entry of firsts) await journal.accept(entry);
      await journal.accept(appending(lines[1] ?? newLine()));
      for (const reader of [journal, peer ?? journal]) {
        assert.deepEqual(await reader.pendingSessions(10), lines);
        assert.deepEqual(await reader.pendingSessions(3), lines);
        assert.deepEqual(await reader.pendingSessions(2), lines.slice(0, 2));
        assert.deepEqual(await reader.pendingSessions(0), []);
      }
    });

    it('keeps the position of a session while entries are removed, and places a new one last', async () => {
      const { journal } = await open();
      const [long, short] = [newLine(), newLine()];
      const entries = [appending(long), appending(short), appending(long)];
      for (const entry of entries) await journal.accept(entry);
      await journal.remove(long, entries[0]?.entry_id ?? '');
      assert.deepEqual(await journal.pendingSessions(10), [long, short]);
      await journal.refuse(long, entries[2]?.entry_id ?? '', 'invalid');
      assert.deepEqual(await journal.pendingSessions(10), [short]);
      await journal.accept(appending(long));
      assert.deepEqual(await journal.pendingSessions(10), [short, long]);
    });

    it('returns only the fields of a session key', async () => {
      const { journal } = await open();
      const line = newLine();
      await journal.accept(appending(line));
      const [given] = await journal.pendingSessions(1);
      assert.deepEqual(given, line);
      if (given) given.owner = 'changed';
      assert.deepEqual(await journal.pendingSessions(1), [line]);
    });
  });
