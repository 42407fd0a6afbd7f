import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { createClient, directTransport, paginate } from '../src/index.ts';
import { settle } from './outbox/client-harness.ts';
import { FakeHttpsError, recording } from './support.ts';

const pages = ['first', 'second', 'third'];

/** Three pages, the last of them without a cursor; `answers` in their order where it is given. */
const inPages = (answers?: (string | FakeHttpsError)[]) => {
  const { calls, callable } = recording(({ cursor = 'first' }) => {
    const answer = answers === undefined ? String(cursor) : answers.shift();
    if (typeof answer !== 'string') throw answer;
    assert.equal(answer, cursor);
    return { csv: answer, next_cursor: pages[pages.indexOf(answer) + 1] ?? null };
  });
  return {
    calls,
    client: createClient(directTransport({ exportMyData: callable, exportUserData: callable })),
  };
};

const tooMany = (retry_after_ms: number) =>
  new FakeHttpsError('resource-exhausted', 'too many calls', { reason: 'rate', retry_after_ms });

const all = async <Page>(pages: AsyncIterable<Page>): Promise<Page[]> => {
  const given: Page[] = [];
  for await (const page of pages) given.push(page);
  return given;
};

describe('paginate()', () => {
  afterEach(() => mock.timers.reset());

  it('returns every page, and requests each with the input and the previous cursor', async () => {
    const { calls, client } = inPages();
    const pages = await all(paginate(client.exportUserData, { user_id: 'thandi', format: 'csv' }));
    assert.deepEqual(
      pages.map(({ csv }) => csv),
      ['first', 'second', 'third'],
    );
    const input = { user_id: 'thandi', format: 'csv' };
    assert.deepEqual(calls, [input, { ...input, cursor: 'second' }, { ...input, cursor: 'third' }]);
  });

  it('continues from a cursor, and requests only the pages that are read', async () => {
    const { calls, client } = inPages();
    for await (const page of paginate(client.exportMyData, { cursor: 'second' })) {
      assert.equal(page.csv, 'second');
      break;
    }
    assert.equal(calls.length, 1);
  });

  it('waits after too many calls for the time that the server returned, and repeats the request', async () => {
    const { calls, client } = inPages([tooMany(700), 'first', tooMany(40), tooMany(30), 'second', 'third']);
    const waits: number[] = [];
    const pages = paginate(client.exportMyData, { format: 'csv' }, async (ms) => void waits.push(ms));
    assert.deepEqual(
      (await all(pages)).map(({ csv }) => csv),
      ['first', 'second', 'third'],
    );
    assert.deepEqual(waits, [700, 40, 30]);
    assert.deepEqual(
      calls.map(({ format, cursor = 'first' }) => [format, cursor]),
      ['first', 'first', 'second', 'second', 'second', 'third'].map((cursor) => ['csv', cursor]),
    );
  });

  it('waits on the given clock', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const { calls, client } = inPages([tooMany(700), 'first', 'second', 'third']);
    const pages = all(paginate(client.exportMyData, {}));
    await settle();
    mock.timers.tick(699);
    await settle();
    assert.equal(calls.length, 1);
    mock.timers.tick(1);
    assert.equal((await pages).length, 3);
  });

  it('fails with the error of a wait', async () => {
    const { calls, client } = inPages([tooMany(700)]);
    const left = new Error('the page was left');
    await assert.rejects(all(paginate(client.exportMyData, {}, () => Promise.reject(left))), left);
    assert.equal(calls.length, 1);
  });

  for (const error of [
    new FakeHttpsError('unavailable', 'away'),
    new FakeHttpsError('resource-exhausted', 'too much', { retry_after_ms: 5 }),
    new FakeHttpsError('resource-exhausted', 'too many', { reason: 'open_sessions', retry_after_ms: 5 }),
    new FakeHttpsError('resource-exhausted', 'too many', { reason: 'rate' }),
  ]) {
    it(`fails with the error of the call: ${error.code} ${JSON.stringify(error.details)}`, async () => {
      const { calls, client } = inPages(['first', error]);
      const given: unknown[] = [];
      const unwanted = () => Promise.reject(new Error('it waited'));
      const reading = async () => {
        for await (const { csv } of paginate(client.exportMyData, {}, unwanted)) given.push(csv);
      };
      await assert.rejects(reading(), { name: 'SessionsError', code: error.code });
      assert.deepEqual([given, calls.length], [['first'], 2]);
    });
  }
});
