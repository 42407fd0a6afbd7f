import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { Entry, Journal, SessionKey } from '../../src/journal/journal.ts';
import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import { type TierChange, TieredJournal } from '../../src/journal/tiered-journal.ts';
import { unavailableError } from '../../src/session-errors.ts';
import { assertFails } from '../../src/testing/assert-fails.ts';
import {
  appending,
  appendings,
  creation,
  entryIds,
  newLine,
} from '../../src/testing/journal-contract/entries.ts';
import { journalContract } from '../../src/testing/journal-contract/journal-contract.ts';
import { ROOMY } from '../../src/testing/journal-contract/journal-harness.ts';
import { Shaky } from '../../src/testing/journal-contract/shaky-journal.ts';

const RETRY_AFTER_MS = 1000;
const tiers = (bounds = ROOMY) => {
  const shared = new Shaky(new MemoryJournal(bounds));
  const own = new MemoryJournal(bounds);
  const changes: TierChange[] = [];
  const journal = new TieredJournal({ shared, local: own, onChange: (change) => changes.push(change) });
  return { shared, own, journal, changes };
};
const ignore = async () => {};

journalContract('TieredJournal of a shared journal that is there', async (bounds) => ({
  journal: tiers({ ...ROOMY, ...bounds }).journal,
  peer: null,
  isComplete: true,
  close: ignore,
}));

journalContract('TieredJournal of a shared journal that is away', async (bounds) => {
  const { shared, journal } = tiers({ ...ROOMY, ...bounds });
  shared.state = 'deaf';
  return { journal, peer: null, isComplete: false, close: ignore };
});

describe('TieredJournal', () => {
  beforeEach(() => mock.timers.enable({ apis: ['Date'], now: 0 }));
  afterEach(() => mock.timers.reset());

  const drain = async (journal: Journal, line: SessionKey): Promise<string[]> => {
    const taken: string[] = [];
    for (let entry = await journal.next(line); entry; entry = await journal.next(line)) {
      assert.equal(await journal.remove(line, entry.entry_id), true);
      taken.push(entry.entry_id);
    }
    return taken;
  };

  it('returns the name of the journal that holds the entry', async () => {
    const { shared, own, journal } = tiers();
    const [one, two] = [appending(newLine()), appending(newLine())];
    const { held_by: name } = await journal.accept(one);
    shared.state = 'deaf';
    const { held_by: ownName } = await journal.accept(two);
    assert.notEqual(ownName, name);
    assert.equal((await own.accept(two)).held_by, ownName);
    assert.equal((await shared.held.accept(one)).held_by, name);
  });

  it('keeps a session in order through an outage of the shared journal', async () => {
    const { shared, own, journal } = tiers();
    const line = newLine();
    const entries = appendings(line, 6);
    const accept = async (from: number, to: number) => {
      for (const entry of entries.slice(from, to)) await journal.accept(entry);
    };
    await accept(0, 2);
    shared.state = 'deaf';
    await accept(2, 4);
    shared.state = 'there';
    mock.timers.tick(RETRY_AFTER_MS);
    await accept(4, 6);
    assert.deepEqual(await own.pending(line), entries.slice(2));
    assert.deepEqual(await journal.pending(line), entries);
    assert.deepEqual(await journal.pendingSessions(10), [line]);
    assert.deepEqual(await drain(journal, line), entryIds(entries));
    assert.deepEqual(await journal.size(), { entries: 0, bytes: 0, sessions: 0 });

    await journal.accept(appending(line));
    assert.equal(await own.next(line), null);
  });

  it('keeps an entry with an unclear acceptance and removes it from either journal', async () => {
    for (const state of ['deaf', 'mute'] as const) {
      const { shared, own, journal } = tiers();
      const line = newLine();
      const [before, unclear, after] = [creation(line), appending(line), appending(line)];
      await journal.accept(before);
      shared.state = state;
      await journal.accept(unclear);
      shared.state = 'there';
      mock.timers.tick(RETRY_AFTER_MS);
      await journal.accept(after);
      assert.equal((await shared.held.pending(line)).length, state === 'mute' ? 2 : 1);
      assert.deepEqual(await own.pending(line), [unclear, after]);
      assert.deepEqual(await journal.pending(line), [before, unclear, after]);
      assert.deepEqual(await drain(journal, line), entryIds([before, unclear, after]));
      assert.equal((await shared.held.size()).entries + (await own.size()).entries, 0);
    }
  });

  it('remembers the refusal of an entry from either journal', async () => {
    const { shared, journal } = tiers();
    const line = newLine();
    const [one, two] = [appending(line), appending(line)];
    await journal.accept(one);
    await journal.refuse(line, one.entry_id, 'erased');
    shared.state = 'deaf';
    await journal.accept(two);
    assert.equal(await journal.refuse(line, two.entry_id, 'failing'), true);
    assert.equal(await journal.refusal(two.operation), 'failing');
    assert.equal(await journal.refusal(one.operation), null);
    shared.state = 'there';
    mock.timers.tick(RETRY_AFTER_MS);
    assert.equal(await journal.refusal(one.operation), 'erased');
    assert.equal(await journal.refusal(two.operation), 'failing');
  });

  it('forgets an owner in both journals, and fails while one of them is unavailable', async () => {
    for (const state of ['deaf', 'mute'] as const) {
      const { shared, own, journal } = tiers();
      const line = newLine();
      await journal.accept(appending(line));
      shared.state = 'deaf';
      await journal.accept(appending(newLine()));
      shared.state = state;
      mock.timers.tick(RETRY_AFTER_MS);
      for (let each = 0; each < 2; each += 1)
        await assertFails(journal.removeOwner('ann'), 'unavailable', {});
      assert.equal((await own.size()).entries, 0);
      assert.equal((await shared.held.size()).entries, state === 'mute' ? 0 : 1);
      shared.state = 'there';
      mock.timers.tick(RETRY_AFTER_MS);
      await journal.accept(appending(newLine()));
      assert.equal(await journal.removeOwner('ann'), state === 'mute' ? 1 : 2);
      assert.deepEqual(await journal.size(), { entries: 0, bytes: 0, sessions: 0 });
    }
  });

  it('returns the sessions of its own instance first and counts both journals', async () => {
    const { shared, journal } = tiers();
    const [one, two] = [newLine(), newLine()];
    await journal.accept(creation(one));
    shared.state = 'deaf';
    await journal.accept(creation(two));
    assert.deepEqual(await journal.pendingSessions(10), [two]);
    assert.equal((await journal.size()).sessions, 2, 'counts what waits where it cannot be seen');
    shared.state = 'there';
    mock.timers.tick(RETRY_AFTER_MS);
    assert.deepEqual(await journal.pendingSessions(10), [two, one]);
    assert.deepEqual(await journal.pendingSessions(1), [two]);
    const { entries, sessions } = await journal.size();
    assert.deepEqual({ entries, sessions }, { entries: 2, sessions: 2 });
  });

  it('passes a refusal of the shared journal on and stores nothing of it', async () => {
    const { shared, own, journal, changes } = tiers({ ...ROOMY, entries: 1 });
    const line = newLine();
    const entry = appending(line);
    await journal.accept(entry);
    assert.ok(entry.kind === 'append');
    const changed = entry.operation.messages.map((message) => ({ ...message, content: 'other' }));
    await assertFails(journal.accept(appending(line, changed)), 'already-exists', { field: 'message_id' });
    await assertFails(journal.accept(appending(newLine())), 'unavailable', {});
    shared.state = 'deaf';
    await journal.accept(appending(newLine()));
    await assertFails(journal.accept(appending(newLine())), 'unavailable', {});
    assert.equal((await own.size()).entries, 1);
    assert.deepEqual(
      changes.map(({ state }) => state),
      ['unavailable'],
    );
  });

  it('pauses its calls to an unavailable journal and reports each change of state', async () => {
    const { shared, journal, changes } = tiers();
    const asked = async (operations: number): Promise<number> => {
      const before = shared.asked;
      for (let operation = 0; operation < operations; operation += 1) await journal.next(newLine());
      return shared.asked - before;
    };
    assert.equal(await asked(3), 3);
    shared.state = 'deaf';
    assert.equal(await asked(5), 1);
    mock.timers.tick(RETRY_AFTER_MS - 1);
    assert.equal(await asked(5), 0);
    mock.timers.tick(1);
    assert.equal(await asked(5), 1);
    assert.deepEqual(changes, [{ state: 'unavailable', cause: shared.failure }]);
    shared.state = 'there';
    mock.timers.tick(RETRY_AFTER_MS);
    assert.equal(await asked(5), 5);
    assert.deepEqual(changes.slice(1), [{ state: 'available' }]);
  });

  it('rejects other operations at once while one probes the shared journal', async () => {
    const { shared, journal } = tiers();
    const line = newLine();
    shared.state = 'deaf';
    await journal.accept(appending(line));
    mock.timers.tick(RETRY_AFTER_MS);
    const { promise, resolve } = Promise.withResolvers<Entry | null>();
    shared.state = 'there';
    const begun = Promise.withResolvers<void>();
    shared.held.next = () => {
      begun.resolve();
      return promise;
    };
    const trying = journal.next(line);
    await begun.promise;
    const { asked } = shared;
    assert.equal((await journal.pending(line)).length, 1);
    assert.equal(shared.asked, asked);
    resolve(null);
    assert.ok(await trying);
    await journal.pending(line);
    assert.equal(shared.asked, asked + 1);
  });

  it('treats any answer as a sign of recovery', async () => {
    const { shared, journal, changes } = tiers();
    shared.state = 'deaf';
    await journal.next(newLine());
    mock.timers.tick(RETRY_AFTER_MS);
    shared.state = 'there';
    shared.held.accept = async () => {
      throw unavailableError('full');
    };
    await assertFails(journal.accept(appending(newLine())), 'unavailable', {});
    assert.deepEqual(
      changes.map(({ state }) => state),
      ['unavailable', 'available'],
    );
  });
});
