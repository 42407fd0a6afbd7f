import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { type RedisServer, startRedis } from 'kb-sessions-testing';
import type { Entry, Journal, JournalBounds, SessionKey } from '../../src/journal/journal.ts';
import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import { type TierChange, TieredJournal } from '../../src/journal/tiered-journal.ts';
import { RedisConnection } from '../../src/redis/redis-connection.ts';
import { RedisJournal } from '../../src/redis/redis-journal.ts';
import {
  appending,
  appendings,
  creation,
  entryIds,
  newLine,
} from '../../src/testing/journal-contract/entries.ts';
import { journalContract } from '../../src/testing/journal-contract/journal-contract.ts';
import { ROOMY } from '../../src/testing/journal-contract/journal-harness.ts';
import { eventually } from '../support/eventually.ts';
import { commandRedis, PATIENCE_MS, untilConnected } from '../support/redis-client.ts';
import { redisHarness } from '../support/redis-harness.ts';
import { needRedis, useRedis } from '../support/redis-server.ts';

/** Nothing listens here. */
const NOWHERE = 'redis://127.0.0.1:1';

const ignore = () => {};
const tiered = (shared: Journal, bounds: JournalBounds, onChange: (change: TierChange) => void = ignore) =>
  new TieredJournal({ shared, local: new MemoryJournal(bounds), onChange });

describe('TieredJournal with Redis', () => {
  const server = useRedis();

  journalContract('TieredJournal with Redis', async (given) => {
    const { journal, peer, ...rest } = await redisHarness(server)(given);
    const bounds = { ...ROOMY, ...given };
    return { journal: tiered(journal, bounds), peer: peer && tiered(peer, bounds), ...rest };
  });
});

describe('TieredJournal without Redis', () => {
  journalContract('TieredJournal whose Redis is down from the start', async (given) => {
    const bounds = { ...ROOMY, ...given };
    const shared = new RedisJournal(new RedisConnection(NOWHERE), bounds);
    return { journal: tiered(shared, bounds), peer: null, isComplete: false, close: () => shared.close() };
  });
});

/** The deadline while Redis is paused. */
const SHORT_DEADLINE_MS = 250;
/** See TieredJournal. */
const RETRY_AFTER_MS = 1000;

/** An instance with a memory of its own. It has a connection with a short deadline for the time in which Redis is paused. */
class Instance {
  readonly connection: RedisConnection;
  readonly hasty: RedisConnection;
  readonly journal: TieredJournal;
  readonly changes: TierChange['state'][] = [];
  isHasty = false;
  /** How often the shared journal was asked. */
  asked = 0;

  constructor({ url }: RedisServer) {
    this.connection = new RedisConnection(url, PATIENCE_MS);
    this.hasty = new RedisConnection(url, SHORT_DEADLINE_MS);
    const patientJournal = new RedisJournal(this.connection, ROOMY);
    const hastyJournal = new RedisJournal(this.hasty, ROOMY);
    const shared = new Proxy(patientJournal, {
      get: (_, name) => {
        const current = this.isHasty ? hastyJournal : patientJournal;
        const member: unknown = Reflect.get(current, name);
        if (typeof member !== 'function') return member;
        this.asked += 1;
        return member.bind(current);
      },
    });
    this.journal = tiered(shared, ROOMY, ({ state }) => this.changes.push(state));
  }

  async close(): Promise<void> {
    await Promise.all([this.connection.close(), this.hasty.close()]);
  }

  /** Resolves when it has noticed that Redis is back. */
  async reunited(): Promise<void> {
    await untilConnected(this.connection);
    const isBack = async () => {
      await this.journal.size();
      return this.changes.at(-1) !== 'unavailable';
    };
    assert.ok(await eventually(isBack, (is) => is));
  }

  /** Takes everything off a line as a replay does; the ids in the order in which a primary would have stored them. */
  async drain(line: SessionKey): Promise<string[]> {
    const stored = new Set<string>();
    for (let entry = await this.journal.next(line); entry; entry = await this.journal.next(line)) {
      stored.add(entry.entry_id);
      assert.equal(await this.journal.remove(line, entry.entry_id), true);
    }
    return [...stored];
  }
}

describe('TieredJournal when Redis fails', () => {
  needRedis();
  let server: RedisServer;
  let instance: Instance;
  let other: Instance;
  beforeEach(async () => {
    server = await startRedis();
    [instance, other] = [new Instance(server), new Instance(server)];
  });
  afterEach(async () => {
    await Promise.all([instance.close(), other.close()]);
    await server.stop();
  });

  const accept = async (entries: Entry[], { journal } = instance): Promise<string[]> => {
    const names: string[] = [];
    for (const entry of entries) names.push((await journal.accept(entry)).held_by);
    return names;
  };
  /** Accepts entries while Redis is paused. */
  const acceptPaused = async (entries: Entry[]): Promise<void> => {
    await untilConnected(instance.hasty);
    server.pause();
    instance.isHasty = true;
    try {
      await accept(entries);
    } finally {
      instance.isHasty = false;
      server.resume();
    }
  };
  const assertEmpty = async () => {
    for (const { journal } of [instance, other])
      assert.deepEqual(await journal.size(), { entries: 0, bytes: 0, sessions: 0 });
  };

  it('shows operations of one instance to all others, even after it stops', async () => {
    const line = newLine();
    const entries = [creation(line), ...appendings(line, 3)];
    await accept(entries);
    await instance.close();
    instance = new Instance(server);
    assert.deepEqual(await other.journal.pending(line), entries);
    assert.deepEqual(await other.drain(line), entryIds(entries));
    await assertEmpty();
  });

  it('continues after Redis stops, reports the loss by a new name, and returns to Redis later', async () => {
    const line = newLine();
    const [before, during, after] = [creation(line), appending(line), appending(newLine())];
    const [name] = await accept([before]);
    await server.stop();
    const [ownName] = await accept([during]);
    assert.notEqual(ownName, name);
    assert.deepEqual(await instance.journal.pending(line), [during]);
    assert.deepEqual(instance.changes, ['unavailable']);

    server = await startRedis(server.port);
    await instance.reunited();
    assert.deepEqual(instance.changes, ['unavailable', 'available']);
    const [newName] = await accept([after]);
    assert.ok(newName !== name && newName !== ownName);
    assert.deepEqual(await other.journal.pending(after.operation), [after]);
    // The client, told `name` before, offers again what that held.
    assert.equal((await accept([before]))[0], ownName);
    assert.deepEqual(await instance.drain(line), entryIds([before, during]));
  });

  it('waits for the deadline once while Redis is paused, and keeps the order', async () => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    try {
      const line = newLine();
      const entries = appendings(line, 300);
      await accept(entries.slice(0, 5));
      const before = instance.asked;
      await acceptPaused(entries.slice(5, 200));
      assert.equal(instance.asked - before, 1);
      mock.timers.tick(RETRY_AFTER_MS);
      await instance.reunited();
      await accept(entries.slice(200));
      assert.deepEqual(await instance.journal.pending(line), entries);
      assert.deepEqual(await instance.drain(line), entryIds(entries));
      await assertEmpty();
    } finally {
      mock.timers.reset();
    }
  });

  it('reports a flushed Redis by a new name and accepts repeated operations again', async () => {
    const line = newLine();
    const entries = appendings(line, 3);
    const [name] = await accept(entries);
    await commandRedis(server.url, (client) => client.flushAll());
    assert.equal(await instance.journal.next(line), null);
    const [newName] = await accept(entries);
    assert.notEqual(newName, name);
    assert.deepEqual(await other.drain(line), entryIds(entries));
  });

  it('loses no operation and keeps each session in order while Redis fails repeatedly', async () => {
    const lines = [newLine(), newLine('bob')];
    const entries = lines.map((line) => appendings(line, 120));
    for (let round = 0; round < 4; round += 1) {
      const offered = entries.map((all) => all.slice(round * 30, round * 30 + 30));
      await accept(offered.flatMap((all) => all.slice(0, 10)));
      await acceptPaused(offered.flatMap((all) => all.slice(10, 20)));
      await Promise.all(offered.map((all) => accept(all.slice(20))));
      if (round % 2) await instance.reunited();
    }
    await instance.reunited();
    for (const [index, line] of lines.entries()) {
      const ids = entryIds(entries[index] ?? []);
      assert.deepEqual(entryIds(await instance.journal.pending(line)), ids);
      assert.deepEqual(await instance.drain(line), ids);
    }
    await assertEmpty();
  });
});
