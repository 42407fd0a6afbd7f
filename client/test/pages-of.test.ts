import assert from 'node:assert/strict';
import { createClient, directTransport, pagesOf } from '../src/index.ts';
import { FakeHttpsError, recording } from './support.ts';

/** Three pages, the last of them without a cursor. */
const inPages = () => {
  const pages = ['first', 'second', 'third'];
  const { calls, callable } = recording(({ cursor = 'first' }) => ({
    csv: cursor,
    next_cursor: pages[pages.indexOf(String(cursor)) + 1] ?? null,
  }));
  return {
    calls,
    client: createClient(directTransport({ exportMyData: callable, exportUserData: callable })),
  };
};

const all = async <Page>(pages: AsyncIterable<Page>): Promise<Page[]> => {
  const given: Page[] = [];
  for await (const page of pages) given.push(page);
  return given;
};

describe('pagesOf()', () => {
  it('gives every page, and asks for each with the input and the cursor of the one before', async () => {
    const { calls, client } = inPages();
    const pages = await all(pagesOf(client.exportUserData, { user_id: 'thandi', format: 'csv' }));
    assert.deepEqual(
      pages.map(({ csv }) => csv),
      ['first', 'second', 'third'],
    );
    const input = { user_id: 'thandi', format: 'csv' };
    assert.deepEqual(calls, [input, { ...input, cursor: 'second' }, { ...input, cursor: 'third' }]);
  });

  it('goes on from a cursor, and asks for no page that is not wanted', async () => {
    const { calls, client } = inPages();
    for await (const page of pagesOf(client.exportMyData, { cursor: 'second' })) {
      assert.equal(page.csv, 'second');
      break;
    }
    assert.equal(calls.length, 1);
  });

  it('fails as the call does', async () => {
    const { callable } = recording(() => {
      throw new FakeHttpsError('resource-exhausted', 'too many calls', { reason: 'rate', retry_after_ms: 5 });
    });
    const client = createClient(directTransport({ exportMyData: callable }));
    await assert.rejects(all(pagesOf(client.exportMyData, {})), { retry_after_ms: 5 });
  });
});
