import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FailoverStore, ReadCache, SessionError, withCircuitBreaker } from 'kb-sessions';
import { MAX_REFUSALS } from 'kb-sessions/internal/journal/journal';
import { Actor, newMessage } from 'kb-sessions/internal/testing/actor';
import { assertFails } from 'kb-sessions/internal/testing/assert-fails';
import { SMALL_LIMITS } from 'kb-sessions/internal/testing/small-limits';
import { testSize } from 'kb-sessions/internal/testing/test-size';
import { MemoryJournal } from 'kb-sessions/memory';
import { params } from '../src/config/params.ts';
import { ForgetfulStore } from './outage/forgetful-store.ts';

const MEGABYTE = 2 ** 20;
/** The default bounds, and the sessions that meet them, are divided by this. */
const PARTS = testSize({ test: 10, soak: 1 });
const scaled = (size: number): number => Math.floor(size / PARTS);
const CACHE = {
  sessions: scaled(params.cacheSessions.default),
  bytes: scaled(params.cacheMegabytes.default * MEGABYTE),
};
const JOURNAL = {
  entries: scaled(params.journalEntries.default),
  bytes: scaled(params.journalMegabytes.default * MEGABYTE),
};
const SESSIONS = scaled(100_000);
/** So that some pass the bounds in bytes and some those in number. */
const CONTENT_BYTES = [200, 4000, 30_000];
/** What objects take beside the bytes that are counted, on any of them. */
const OVERHEAD = 1.5;

describe('the memory of an instance', () => {
  let time = Date.parse('2026-03-01T12:00:00.000Z');
  const clock = () => time;
  const cache = new ReadCache(CACHE);
  const primary = new ForgetfulStore({
    limits: SMALL_LIMITS,
    clock,
    onSessionRead: (session) => cache.put(session),
  });
  const store = new FailoverStore({
    primary: withCircuitBreaker(primary, { failures: 3, probeAfterMs: 0, onChange: () => {} }),
    journal: new MemoryJournal(JOURNAL),
    cache,
    limits: SMALL_LIMITS,
    clock,
    gracePeriodMs: 60_000,
    listErasedUsers: async (since) => ({ owners: [], until: since }),
    onEvent: () => {},
  });
  let passed = 0;
  let turnedAway = 0;
  let baseline: number;
  before(() => {
    baseline = heapBytes();
  });
  after(() => assert.equal(passed, SESSIONS));

  /** Sessions of a user each, with a message. */
  const pass = async (sessions: number): Promise<void> => {
    for (let session = 0; session < sessions; session += 1) {
      passed += 1;
      const actor = new Actor(store, `owner ${passed}`);
      try {
        const { session_id } = await actor.create();
        await actor.append(session_id, [newMessage({ content: contentOf(passed) })]);
      } catch (error) {
        if (!(error instanceof SessionError) || error.code !== 'unavailable') throw error;
        turnedAway += 1;
      }
    }
  };

  const drain = async (): Promise<void> => {
    const anybody = new Actor(store, 'anybody');
    while ((await store.state()).journal.entries > 0) {
      // After an outage the replay pauses.
      time += 1000;
      await assertFails(anybody.list(), 'not-found');
    }
  };

  const assertBounds = async (what: string, counted: number): Promise<void> => {
    const { cache: cached, journal } = await store.state();
    assert.ok(cached.sessions <= CACHE.sessions && cached.bytes <= CACHE.bytes);
    assert.ok(journal.entries <= JOURNAL.entries && journal.bytes <= JOURNAL.bytes);
    const grown = heapBytes() - baseline;
    console.log(
      `      ${what}: heap grown by ${mega(grown)}, ${cached.sessions} sessions cached (${mega(cached.bytes)}), ${journal.entries} entries (${mega(journal.bytes)})`,
    );
    assert.ok(grown <= OVERHEAD * counted, `${mega(grown)} for at most ${mega(counted)}`);
  };

  it('stays within the limits of the cache while Firestore is available', async () => {
    await pass(0.5 * SESSIONS);
    await assertBounds(`${0.5 * SESSIONS} sessions`, CACHE.bytes);
    assert.ok((await store.state()).cache.bytes > CACHE.bytes / 2);
  });

  it('stays within the limits of the cache and the journal during an outage without loss of an entry', async () => {
    primary.mood = 'away';
    await pass(0.3 * SESSIONS);
    await assertBounds(`${0.3 * SESSIONS} sessions in an outage`, CACHE.bytes + JOURNAL.bytes);
    const { journal, counts } = await store.state();
    assert.ok(turnedAway > 0 && journal.bytes > JOURNAL.bytes / 2);
    assert.deepEqual([counts.accepted, counts.turned_away], [journal.entries, turnedAway]);
  });

  it('returns to the limits of the cache after the replay', async () => {
    primary.mood = 'well';
    await drain();
    const { counts } = await store.state();
    assert.equal(counts.replayed, counts.accepted);
    await assertBounds('replayed', CACHE.bytes);
  });

  it('does not grow with the number of refused operations', async () => {
    for (let outage = 0; outage < 10; outage += 1) {
      primary.mood = 'away';
      await pass(0.02 * SESSIONS);
      primary.mood = 'refusing';
      await drain();
    }
    const { counts } = await store.state();
    assert.ok(counts.refused > scaled(2 * MAX_REFUSALS));
    await assertBounds(`${counts.refused} refused`, CACHE.bytes);
  });
});

/** A text of its own: one that is made by repeating takes no memory. */
const contentOf = (number: number): string =>
  Buffer.alloc(CONTENT_BYTES[number % CONTENT_BYTES.length] ?? 0, 'x').toString('latin1');

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const heapBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

const mega = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;
