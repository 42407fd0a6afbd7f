import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../../../web/test/chromium.ts';
import { idOf, session_id } from './ids.ts';
import { kept, storageContract } from './storage-contract.ts';
import { openBrowser, serveTabs } from './tabs.ts';

const told = (page: Page) => page.evaluate(() => window.tab.told);
const say = (page: Page, n: number) => page.evaluate((number) => window.tab.say(number), n);
const flush = (page: Page) => page.evaluate(() => window.tab.flush());
const pending = (page: Page) => page.evaluate(() => window.tab.pending());

/** Waits until a tab has been told this count. */
const counted = (page: Page, count: number) =>
  page.waitForFunction((expected) => window.tab.told.counts.at(-1) === expected, count);

describe('indexedDbStorage(), in Chromium', () => {
  let browser: Browser;
  let pages: Awaited<ReturnType<typeof serveTabs>>;
  let person: Awaited<ReturnType<typeof openBrowser>>;

  before(async function () {
    browser = await launchChromium(this);
    pages = await serveTabs();
  });

  after(async () => {
    await browser?.close();
    pages?.close();
  });

  beforeEach(async () => {
    person = await openBrowser(browser, pages.url);
  });

  afterEach(() => person?.context.close());

  describe('as a storage,', () => {
    for (const title of Object.keys(storageContract))
      it(title, async () => {
        const page = await person.open();
        await page.evaluate((name) => window.tab.hold(name), title);
      });
  });

  it('continues in a tab that was closed and reopened', async () => {
    const page = await person.open();
    assert.deepEqual([await say(page, 1), await say(page, 2)], ['volatile', 'volatile']);
    await page.close();
    person.server.die();
    const again = await person.open();
    assert.equal(await pending(again), 2);
    assert.deepEqual(await again.evaluate(() => window.tab.history()), ['message 1', 'message 2']);
    person.state.mode = 'durable';
    assert.equal(await say(again, 3), 'durable');
    assert.deepEqual(person.server.durable, [1, 2, 3].map(idOf));
    assert.equal((await told(again)).settled.length, 2);
  });

  it('shares one outbox between two tabs, which settle each operation once', async () => {
    const [one, other] = [await person.open(), await person.open()];
    await say(one, 1);
    await counted(other, 1);
    await say(other, 2);
    await counted(one, 2);
    person.server.die();
    person.state.mode = 'durable';
    person.server.requests.length = 0;
    assert.deepEqual(await Promise.all([flush(one), flush(other)]), [0, 0]);
    assert.deepEqual(
      person.server.requests.map(({ ids }) => ids[0]),
      [1, 2].map(idOf),
    );
    const settled = [...(await told(one)).settled, ...(await told(other)).settled];
    assert.deepEqual(
      settled,
      [1, 2].map(() => `durable ${session_id}`),
    );
    await counted(one, 0);
    await counted(other, 0);
  });

  it('settles each operation once in tabs without a shared lock', async () => {
    const withoutLocks = () => {
      Reflect.deleteProperty(Navigator.prototype, 'locks');
    };
    const [one, other] = [await person.open(withoutLocks), await person.open(withoutLocks)];
    assert.equal(await one.evaluate(() => 'locks' in navigator), false);
    await say(one, 1);
    const held = Promise.withResolvers<void>();
    person.state.hold = held.promise;
    person.state.mode = 'durable';
    const before = person.server.requests.length;
    const flushing = [flush(one), flush(other)];
    while (person.server.requests.length < before + 2) await one.waitForTimeout(5);
    held.resolve();
    await Promise.all(flushing);
    assert.equal([...(await told(one)).settled, ...(await told(other)).settled].length, 1);
  });

  it('continues after a tab was closed during a call', async () => {
    const [one, other] = [await person.open(), await person.open()];
    await say(one, 1);
    const held = Promise.withResolvers<void>();
    person.state.hold = held.promise;
    const offered = person.server.requests.length;
    void flush(one).catch(() => {});
    while (person.server.requests.length === offered) await other.waitForTimeout(5);
    const flushing = flush(other);
    await one.close();
    held.resolve();
    person.state.mode = 'durable';
    await flushing;
    assert.equal(await flush(other), 0);
    assert.deepEqual((await told(other)).settled, [`durable ${session_id}`]);
    assert.deepEqual(person.server.durable, [idOf(1)]);
  });

  it('removes unreadable operations, reports them, and continues with the rest', async () => {
    const page = await person.open();
    await say(page, 1);
    const bad = [null, 7, { form: 0 }, { ...kept(5), input: { session_id, message_id: idOf(5) } }];
    await page.evaluate(async (values) => {
      const open = indexedDB.open('kb-sessions/demo/thandi');
      await new Promise((resolve) => open.addEventListener('success', resolve));
      const writing = open.result.transaction('operations', 'readwrite');
      for (const value of values) writing.objectStore('operations').add(value);
      await new Promise((resolve) => writing.addEventListener('complete', resolve));
      open.result.close();
    }, bad);
    await say(page, 2);
    person.state.mode = 'durable';
    assert.equal(await flush(page), 0);
    const { settled } = await told(page);
    assert.deepEqual(settled.sort(), [
      ...[1, 2].map(() => `durable ${session_id}`),
      ...bad.map(() => 'refused nothing'),
    ]);
    assert.deepEqual(person.server.durable, [1, 2].map(idOf));
  });

  it('falls back to memory without a usable IndexedDB, and reports it', async () => {
    const page = await person.open(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('denied', 'SecurityError');
      };
    });
    assert.equal(await say(page, 1), 'volatile');
    assert.match((await told(page)).failures[0] ?? '', /SecurityError/);
    person.server.die();
    person.state.mode = 'durable';
    assert.equal(await say(page, 2), 'durable');
    assert.deepEqual(person.server.durable, [1, 2].map(idOf));
  });

  it('falls back to memory after failed writes, and reports it', async () => {
    const page = await person.open();
    assert.equal(await say(page, 1), 'volatile');
    await page.evaluate(() => {
      // As it goes where there is no room: the request is taken, and the transaction aborted.
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args) {
        const request = put.apply(this, args);
        this.transaction.abort();
        return request;
      };
    });
    assert.equal(await say(page, 2), 'volatile');
    assert.match((await told(page)).failures[0] ?? '', /AbortError/);
    assert.equal(await pending(page), 2);
    person.server.die();
    person.state.mode = 'durable';
    assert.equal(await flush(page), 0);
    assert.deepEqual(person.server.durable, [1, 2].map(idOf));
  });
});
