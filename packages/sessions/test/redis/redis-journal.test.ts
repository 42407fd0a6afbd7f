import assert from 'node:assert/strict';
import { startRedis } from 'kb-sessions-testing';
import type { RedisClientType } from 'redis';
import { SessionError } from '../../src/index.ts';
import { keyName, type SessionKey } from '../../src/journal/journal.ts';
import { RedisConnection } from '../../src/redis/redis-connection.ts';
import { RedisJournal } from '../../src/redis/redis-journal.ts';
import { newMessages } from '../../src/testing/actor.ts';
import { appending, appendings, creation, newLine } from '../../src/testing/journal-contract/entries.ts';
import { journalContract } from '../../src/testing/journal-contract/journal-contract.ts';
import { ROOMY } from '../../src/testing/journal-contract/journal-harness.ts';
import { commandRedis, PATIENCE_MS } from '../support/redis-client.ts';
import { redisHarness } from '../support/redis-harness.ts';
import { useRedis } from '../support/redis-server.ts';

const JOURNAL = '{kb-sessions}:journal:';

describe('RedisJournal', () => {
  const server = useRedis();
  journalContract('RedisJournal', redisHarness(server));

  const openJournal = (url = server().url) => new RedisJournal(new RedisConnection(url, PATIENCE_MS), ROOMY);
  let journal: RedisJournal;
  beforeEach(async () => {
    await commandRedis(server().url, (client) => client.flushAll());
    journal = openJournal();
  });
  afterEach(() => journal.close());
  const command = <Reply>(given: (client: RedisClientType) => Promise<Reply>) =>
    commandRedis(server().url, given);

  it('keeps one name for one data set and one run of Redis', async () => {
    const line = newLine();
    const { held_by: name } = await journal.accept(creation(line));
    const [random] = name.split(' ');
    assert.ok(random);
    await command((client) => client.flushAll());
    const { held_by: afterFlush } = await journal.accept(creation(line));
    assert.notEqual(afterFlush, name);
    assert.equal((await journal.accept(appending(line))).held_by, afterFlush);

    // A restart from an older snapshot brings the random part back, and not what was accepted last.
    const restarted = await startRedis();
    const other = openJournal(restarted.url);
    try {
      await commandRedis(restarted.url, (client) => client.hSet(`${JOURNAL}state`, 'name', random));
      const [restored, run] = (await other.accept(creation(line))).held_by.split(' ');
      assert.equal(restored, random);
      assert.notEqual(run, name.split(' ')[1]);
    } finally {
      await other.close();
      await restarted.stop();
    }
  });

  it('stores all keys under one hash tag, so that one script may use them, for any owner', async () => {
    for (const owner of ['ann', '{bob}', '}{'])
      for (const entry of appendings(newLine(owner), 2)) {
        await journal.accept(entry);
        if (owner === 'ann') await journal.refuse(entry.operation, entry.entry_id, 'invalid');
      }
    const keys = await command((client) => client.keys('*'));
    // 8 of all, and of the two who have something waiting their lines and a line each.
    assert.equal(keys.length, 12);
    for (const key of keys) assert.ok(key.startsWith(JOURNAL), key);
    const expiring = await command((client) => Promise.all(keys.map((key) => client.ttl(key))));
    assert.ok(expiring.every((ttl) => ttl === -1));
  });

  it('leaves no keys of removed entries', async () => {
    const line = newLine();
    const entries = [creation(line), appending(line, newMessages(3))];
    for (const entry of entries) await journal.accept(entry);
    for (const { entry_id } of entries) await journal.remove(line, entry_id);
    assert.deepEqual(await command((client) => client.keys('*')), [`${JOURNAL}state`]);
    for (const entry of entries) await journal.accept(entry);
    await journal.removeOwner(line.owner);
    assert.deepEqual(await command((client) => client.keys('*')), [`${JOURNAL}state`]);
  });

  it('sends one command per operation', async () => {
    const line = newLine();
    const [entry, refused] = [appending(line, newMessages(3)), appending(line)];
    const operations = async (): Promise<void> => {
      await journal.accept(entry);
      await journal.accept(refused);
      await journal.next(line);
      await journal.pending(line);
      await journal.remove(line, entry.entry_id);
      await journal.refuse(line, refused.entry_id, 'erased');
      await journal.removeOwner(line.owner);
    };
    await operations();
    await command((client) => client.configResetStat());
    await operations();
    await journal.pendingSessions(10);
    await journal.size();
    await journal.refusal(entry.operation);
    const stats = await command((client) => client.info('commandstats'));
    const callsOf = (name: string) =>
      Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
    assert.deepEqual(['evalsha', 'eval', 'zrange'].map(callsOf), [7, 0, 1]);
  });

  describe('with a damaged entry', () => {
    const fieldOf = (line: SessionKey, id: string) => `${keyName(line)} ${id}`;
    const put = (line: SessionKey, id: string, text: string) =>
      command((client) => client.hSet(`${JOURNAL}entries`, fieldOf(line, id), text));
    const broken: [string, (line: SessionKey, entry_id: string) => Promise<unknown>][] = [
      ['no JSON', (line, id) => put(line, id, '{"kind":')],
      ['no entry', (line, id) => put(line, id, '{"kind":"end"}')],
      ['gone', (line, id) => command((client) => client.hDel(`${JOURNAL}entries`, fieldOf(line, id)))],
      [
        'of another line',
        (line, id) => {
          const other = appending({ ...line, owner: 'bob' }, newMessages(1));
          return put(line, id, JSON.stringify({ ...other, entry_id: id }));
        },
      ],
    ];
    for (const [what, breakIt] of broken) {
      it(`reports the entry as broken and can refuse it: ${what}`, async () => {
        const line = newLine();
        const [first, second] = [appending(line, newMessages(3)), appending(line)];
        for (const entry of [first, second]) await journal.accept(entry);
        const size = await journal.size();
        await breakIt(line, first.entry_id);
        assert.deepEqual(await journal.pending(line), [second]);
        assert.deepEqual(await journal.size(), size);
        assert.deepEqual(await journal.next(line), { kind: 'broken', entry_id: first.entry_id });
        await journal.refuse(line, first.entry_id, 'invalid');
        assert.deepEqual(await journal.next(line), second);
        assert.equal(await journal.refusal(first.operation), 'invalid');
        assert.equal((await journal.size()).entries, 1);
        await journal.remove(line, second.entry_id);
        assert.deepEqual(await journal.size(), { entries: 0, bytes: 0, sessions: 0 });
        await journal.accept(first);
        assert.deepEqual(await journal.next(line), first);
      });
    }

    it('skips damaged data of a session: an unknown id, a receipt, a session key', async () => {
      const line = newLine();
      const entry = appending(line);
      const key = `${JOURNAL}line:${JSON.stringify([line.owner, line.session_id])}`;
      await command((client) => client.rPush(key, '\u0000 no id'));
      await journal.accept(entry);
      for (const receipt of ['', '5', '{}', '{"ids":']) {
        const spoiled = appending(line);
        await command((client) => client.lPush(key, spoiled.entry_id));
        await command((client) =>
          client.hSet(`${JOURNAL}receipts`, fieldOf(line, spoiled.entry_id), receipt),
        );
      }
      for (const name of ['no line', '["ann"]', '[1,2]'])
        await command((client) => client.zAdd(`${JOURNAL}lines`, { score: -2, value: name }));
      const empty = newLine();
      await command((client) =>
        client.zAdd(`${JOURNAL}lines`, { score: -1, value: JSON.stringify([empty.owner, empty.session_id]) }),
      );
      let next = await journal.next(line);
      while (next?.kind === 'broken') {
        await journal.refuse(line, next.entry_id, 'invalid');
        next = await journal.next(line);
      }
      assert.deepEqual(next, entry);
      await journal.pendingSessions(10);
      assert.deepEqual(await journal.pendingSessions(1), [empty]);
      assert.equal(await journal.next(empty), null);
      const [left] = await journal.pendingSessions(1);
      assert.notDeepEqual(left, empty);
    });

    it('removes it with all other data of its owner', async () => {
      const line = newLine();
      const [first, second, other] = [appending(line), appending(line), appending(newLine('bob'))];
      for (const entry of [first, second, other]) await journal.accept(entry);
      await put(line, first.entry_id, 'text');
      await command((client) => client.hSet(`${JOURNAL}receipts`, fieldOf(line, second.entry_id), 'text'));
      assert.equal(await journal.removeOwner(line.owner), 2);
      assert.equal(await journal.next(line), null);
      assert.deepEqual(await journal.pendingSessions(10), [
        { owner: 'bob', session_id: other.operation.session_id },
      ]);
      const keys = await command((client) => client.hKeys(`${JOURNAL}entries`));
      assert.deepEqual(keys, [fieldOf(other.operation, other.entry_id)]);
      const shares = await command((client) => client.hKeys(`${JOURNAL}owners`));
      assert.deepEqual(shares.toSorted(), ['bytes bob', 'entries bob']);
    });

    it('ignores unknown fields of a later version', async () => {
      const line = newLine();
      const entry = creation(line);
      await journal.accept(entry);
      const later = {
        ...entry,
        lane: 7,
        operation: { ...entry.operation, user: { ...entry.operation.user, team: 'red' }, colour: 'blue' },
      };
      await put(line, entry.entry_id, JSON.stringify(later));
      assert.deepEqual(await journal.next(line), entry);
    });
  });

  it('fails with an error other than SessionError when Redis refuses', async () => {
    await command((client) => client.set(`${JOURNAL}state`, 'text'));
    const error: unknown = await journal.accept(creation(newLine())).catch((cause: unknown) => cause);
    assert.ok(error instanceof Error && !(error instanceof SessionError), String(error));
    assert.match(error.message, /WRONGTYPE/);
  });

  it('keeps the entries of an instance that stopped', async () => {
    const line = newLine();
    const gone = openJournal();
    const entry = appending(line);
    await gone.accept(entry);
    await gone.close();
    assert.deepEqual(await journal.next(line), entry);
  });
});
