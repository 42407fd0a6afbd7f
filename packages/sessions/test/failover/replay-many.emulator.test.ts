import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type FirestoreProxy, runningSuite, startProxy } from 'kb-sessions-testing';
import { type FirestoreContext, FirestoreStore, listErasedUsers } from '../../src/firestore/index.ts';
import {
  type FailoverEvent,
  FailoverStore,
  type Limits,
  type Message,
  ReadCache,
  withCircuitBreaker,
} from '../../src/index.ts';
import { MemoryJournal } from '../../src/memory/index.ts';
import { Actor, newMessage } from '../../src/testing/actor.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { testSize } from '../../src/testing/test-size.ts';
import { creationsOf } from '../fixtures/documents.ts';
import { contextAt } from '../support/context-at.ts';

const MEGABYTE = 2 ** 20;
const SHORT = { sessions: testSize({ test: 20, soak: 475 }), messages: 10 };
const LONG = { sessions: testSize({ test: 4, soak: 25 }), messages: testSize({ test: 80, soak: 210 }) };
const SESSIONS = SHORT.sessions + LONG.sessions;
const MESSAGES = SHORT.sessions * SHORT.messages + LONG.sessions * LONG.messages;
/** The commits whose answers get lost, after some others. */
const LOST = testSize({ test: 5, soak: 20 });
const BEFORE_LOST = testSize({ test: 10, soak: 1000 });
/** Every other session is created during the outage. */
const ENTRIES = MESSAGES + SESSIONS / 2;
const LIMITS: Limits = { ...SMALL_LIMITS, messagesPerSession: LONG.messages, recentMessages: 20 };

describe(`FailoverStore with ${MESSAGES} journalled messages of ${SESSIONS} sessions`, function () {
  this.timeout(testSize({ test: 120_000, soak: 0 }));
  let proxy: FirestoreProxy;
  let context: FirestoreContext;
  /** Past the proxy. */
  let calm: FirestoreContext;
  let store: FailoverStore;
  const events: FailoverEvent[] = [];
  before(async () => {
    const { firestore, projectId } = runningSuite();
    const database = `test-${randomUUID()}`;
    proxy = await startProxy({ target: firestore });
    context = contextAt(proxy.address, projectId, LIMITS, database);
    calm = contextAt(firestore, projectId, LIMITS, database);
    const cache = new ReadCache({ sessions: SESSIONS, bytes: 32 * MEGABYTE });
    const firestoreStore = new FirestoreStore(context, (session) => cache.put(session));
    const primary = withCircuitBreaker(firestoreStore, {
      failures: 3,
      probeAfterMs: 5000,
      onChange: () => {},
    });
    const journal = new MemoryJournal({ entries: ENTRIES, bytes: 32 * MEGABYTE });
    const onEvent = (event: FailoverEvent) => events.push(event);
    store = new FailoverStore({
      primary,
      journal,
      cache,
      limits: LIMITS,
      clock: Date.now,
      gracePeriodMs: 60_000,
      listErasedUsers: (since) => listErasedUsers(context, since),
      onEvent,
    });
  });
  after(async () => {
    await proxy?.stop();
    await Promise.all([context?.db.terminate(), calm?.db.terminate()]);
  });

  it('replays each session in order, without loss or repetition, despite lost acknowledgements', async () => {
    const chats = Array.from({ length: SESSIONS }, (_, index) => ({
      actor: new Actor(store, `owner ${index % 50}`),
      session_id: randomUUID(),
      isBornInOutage: index % 2 === 1,
      messages: Array.from({ length: (index < LONG.sessions ? LONG : SHORT).messages }, (_, number) =>
        newMessage({ content: `message ${number + 1} of session ${index}` }),
      ),
    }));
    for (const { actor, session_id, isBornInOutage } of chats)
      if (!isBornInOutage) await actor.create(session_id);

    const outage = proxy.faults.add({ when: 'before', effect: { kind: 'code', code: 'UNKNOWN' } });
    const accept = async () => {
      for (const { actor, session_id, isBornInOutage } of chats)
        if (isBornInOutage) assert.equal((await actor.create(session_id)).durability, 'volatile');
      for (let number = 0; number < LONG.messages; number += 1) {
        for (const { actor, session_id, messages } of chats) {
          const message = messages[number];
          if (!message) continue;
          const { durability } = await actor.append(session_id, [message]);
          assert.equal(durability, 'volatile');
        }
      }
    };
    const acceptedMs = await timed(accept);
    assert.equal((await store.state()).journal.entries, ENTRIES);

    outage.remove();
    const lost = proxy.faults.add({
      methods: ['Commit'],
      skip: BEFORE_LOST,
      times: LOST,
      when: 'after',
      effect: { kind: 'code', code: 'INTERNAL' },
    });
    const anybody = new Actor(store, 'somebody else');
    const replayedMs = await timed(async () => {
      // Only calls replay.
      for (let calls = 0; (await store.state()).journal.entries > 0 && calls < 100 * ENTRIES; calls += 1)
        await anybody.list().catch(() => pause(10));
    });
    const perSecond = Math.round(ENTRIES / (replayedMs / 1000));
    console.log(`      accepted in ${seconds(acceptedMs)}`);
    console.log(`      replayed in ${seconds(replayedMs)}: ${perSecond} operations a second`);
    assert.equal(lost.hits(), LOST);

    const { journal, counts } = await store.state();
    assert.deepEqual(journal, { entries: 0, bytes: 0, sessions: 0 });
    assert.deepEqual(counts, {
      activations: 1,
      accepted: ENTRIES,
      replayed: ENTRIES,
      refused: 0,
      turned_away: 0,
    });
    assert.deepEqual(
      events.map(({ event }) => event),
      ['activated', 'replayed'],
    );
    const stored = Map.groupBy(
      (await creationsOf(calm)).map(({ message }) => message),
      ({ session_id }) => session_id,
    );
    assert.deepEqual(new Set(stored.keys()), new Set(chats.map(({ session_id }) => session_id)));
    for (const { session_id, messages } of chats) {
      assert.deepEqual(
        stored.get(session_id)?.map(inBrief),
        messages.map(({ message_id, content }, index) => [index + 1, message_id, content, true]),
      );
    }
  });
});

const inBrief = ({ seq, message_id, content, replayed }: Message) => [seq, message_id, content, replayed];

const timed = async (work: () => Promise<void>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
