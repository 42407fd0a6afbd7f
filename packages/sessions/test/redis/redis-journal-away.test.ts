import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type RedisServer, startRedis } from 'kb-sessions-testing';
import { SessionError } from '../../src/index.ts';
import { RedisConnection } from '../../src/redis/redis-connection.ts';
import { RedisJournal } from '../../src/redis/redis-journal.ts';
import { appending, appendings, newLine } from '../../src/testing/journal-contract/entries.ts';
import { ROOMY } from '../../src/testing/journal-contract/journal-harness.ts';
import { PATIENCE_MS, untilConnected } from '../support/redis-client.ts';
import { startRelay } from '../support/redis-relay.ts';
import { needRedis } from '../support/redis-server.ts';

/** Long enough that a command is sent before, on a busy machine too. */
const DEADLINE_MS = 500;

/** Returns the error of `work`. A SessionError would be an answer of the journal. */
const assertAway = async (work: Promise<unknown>): Promise<Error> => {
  const error: unknown = await work.then(
    (answer) => assert.fail(`expected a failure, found ${JSON.stringify(answer)}`),
    (cause: unknown) => cause,
  );
  assert.ok(error instanceof Error && !(error instanceof SessionError), String(error));
  return error;
};

describe('RedisJournal while Redis is unavailable', () => {
  needRedis();
  let server: RedisServer;
  let connection: RedisConnection;
  let journal: RedisJournal;
  beforeEach(async () => {
    server = await startRedis();
    connection = new RedisConnection(server.url, PATIENCE_MS);
    journal = new RedisJournal(connection, ROOMY);
  });
  afterEach(async () => {
    await journal.close();
    await server.stop();
  });

  /** A journal with a short deadline, connected. */
  const hasty = async (url: string): Promise<{ connection: RedisConnection; journal: RedisJournal }> => {
    const connection = new RedisConnection(url, DEADLINE_MS);
    await untilConnected(connection);
    return { connection, journal: new RedisJournal(connection, ROOMY) };
  };

  it('uses Redis from the first operation on if it is available', async () => {
    assert.deepEqual(await journal.size(), { entries: 0, bytes: 0, sessions: 0 });
  });

  it('fails at once with the cause while no server listens, and connects later', async () => {
    await server.stop();
    const early = RedisJournal.connect(server.url, ROOMY);
    try {
      await assertAway(early.size());
      // Not the error of a deadline.
      const error = await assertAway(early.accept(appending(newLine())));
      assert.match(String(error.cause), /ECONNREFUSED/);
      server = await startRedis(server.port);
      await untilConnected(connection);
      const line = newLine();
      const entry = appending(line);
      await journal.accept(entry);
      assert.deepEqual(await journal.next(line), entry);
    } finally {
      await early.close();
    }
  });

  it('fails on an invalid URL without other effects', async () => {
    for (const url of ['', 'http://127.0.0.1', 'redis://127.0.0.1:99999', 'redis://nobody.invalid:1']) {
      const wrong = RedisJournal.connect(url, ROOMY);
      await assertAway(wrong.size());
      await wrong.close().catch(() => {});
    }
  });

  it('waits at most for the deadline while Redis is paused, and finds the delayed operations applied', async () => {
    const line = newLine();
    const [before, during] = [appending(line), appending(line)];
    const { held_by: name } = await journal.accept(before);
    const waiting = await hasty(server.url);
    server.pause();
    // Redis is still paused when the operation fails, so it fails by the deadline.
    const { message } = await assertAway(waiting.journal.accept(during));
    assert.match(message, new RegExp(`within ${DEADLINE_MS} ms`));
    server.resume();
    await untilConnected(waiting.connection);
    await waiting.journal.close();
    assert.deepEqual(await journal.pending(line), [before, during]);
    assert.equal((await journal.accept(during)).held_by, name);
    assert.equal((await journal.size()).entries, 2);
  });

  it('fails running operations when Redis stops, and continues with the next server under another name', async () => {
    const line = newLine();
    const entries = appendings(line, 200);
    const { held_by: name } = await journal.accept(appending(line));
    const offers = entries.map((entry) => journal.accept(entry));
    const stopped = server.stop();
    const outcomes = await Promise.allSettled(offers);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') await assertAway(Promise.reject(outcome.reason));
      else assert.equal(outcome.value.held_by, name);
    }
    await stopped;
    const error = await assertAway(journal.next(line));
    assert.match(String(error.cause), /closed|ECONNREFUSED|ECONNRESET/);
    server = await startRedis(server.port);
    await untilConnected(connection);
    assert.equal(await journal.next(line), null);
    assert.notEqual((await journal.accept(appending(line))).held_by, name);
  });

  it('closes a connection that no longer answers', async () => {
    const relay = await startRelay(server.port);
    const relayed = await hasty(relay.url);
    try {
      relay.silence();
      await assertAway(relayed.journal.size());
      await untilConnected(relayed.connection);
    } finally {
      await relayed.journal.close();
      await relay.close();
    }
  });
});

describe('RedisJournal.connect()', () => {
  it('loads the redis package on demand and does not crash an idle process', async () => {
    const code = `
      const { RedisJournal } = await import('./packages/sessions/src/redis/redis-journal.ts');
      const { createRequire } = await import('node:module');
      const { once } = await import('node:events');
      const { createServer } = await import('node:net');
      const isLoaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('/redis/'));
      const before = isLoaded();
      const open = (url) => RedisJournal.connect(url, { entries: 1, bytes: 1 });
      // It ends every connection: the client connects again and again.
      const refusing = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
      await once(refusing, 'listening');
      const [none, refused] = [open('http://127.0.0.1'), open('redis://127.0.0.1:' + refusing.address().port)];
      for (let connections = 0; connections < 3; connections += 1) await once(refusing, 'connection');
      await refused.close();
      refusing.close();
      console.log(before, isLoaded());`;
    const run = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
    assert.deepEqual(run, { stdout: 'false true\n', stderr: '' });
  });
});
