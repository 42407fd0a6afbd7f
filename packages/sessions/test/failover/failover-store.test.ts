import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { v4 } from 'uuid';
import { FAILING_GRACE_MS } from '../../src/failover/replay-policy.ts';
import { MemoryJournal } from '../../src/memory/index.ts';
import { successorId } from '../../src/successor-id.ts';
import { Actor, newMessage, newMessages, SOMEBODY } from '../../src/testing/actor.ts';
import { assertEnded, assertFails, assertNotFound } from '../../src/testing/assert-fails.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import {
  type FailoverInstance,
  type FailoverWorld,
  failoverWorld,
  PLENTY,
} from '../support/failover-harness.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** As in stand-in.ts. */
const MAX_WAITING = 250;
const unavailable = (work: Promise<unknown>) => assertFails(work, 'unavailable');

describe('FailoverStore', () => {
  let world: FailoverWorld;
  let here: FailoverInstance;
  let ann: Actor;
  let bob: Actor;
  beforeEach(() => {
    world = failoverWorld();
    here = world.startInstance();
    ann = new Actor(here.store, 'ann');
    bob = new Actor(here.store, 'bob');
  });

  const waiting = async () => (await here.store.state()).journal.entries;
  /** What is durable, read by an instance that remembers nothing. */
  const durable = async (session_id: string, owner = 'ann') =>
    (await new Actor(world.startInstance().store, owner).history(session_id, { full: true })).messages;

  describe('while the primary is unavailable', () => {
    it('accepts volatile appends without a seq to a cached session', async () => {
      const session_id = await ann.converse(2);
      here.cutOff();
      const [message] = newMessages(1);
      assert.ok(message);
      const appended = await ann.append(session_id, [message], { context_limit: 4 });
      const { held_by, context, ...rest } = appended;
      assert.ok(held_by);
      assert.deepEqual(rest, {
        session_id,
        messages: [{ message_id: message.message_id, seq: null }],
        durability: 'volatile',
        recovered: false,
        rolled_over: false,
        context_complete: true,
      });
      assert.deepEqual(
        context?.map(({ seq }) => seq),
        [1, 2, null],
      );
      const history = await ann.history(session_id);
      assert.deepEqual(history.messages, context);
      assert.deepEqual([history.complete, history.next_before_seq], [false, null]);
      const { session, durability, metadata } = await ann.get(session_id);
      assert.deepEqual([session.fallback, session.total_queries, durability], [true, 1, 'volatile']);
      assert.deepEqual(metadata, {
        total_queries: 1,
        collections_used: [],
        escalated: false,
        fallback: true,
      });
    });

    it('opens sessions and accepts messages for them', async () => {
      here.cutOff();
      const session_id = randomUUID();
      const created = await ann.create(session_id);
      assert.deepEqual([created.session_id, created.durability], [session_id, 'volatile']);
      assert.equal(Date.parse(created.expires_at), world.now() + world.limits.idleTimeoutMs);
      await ann.append(session_id, [
        newMessage({ metadata: { collections_used: ['deeds', 'plans'], escalated: true } }),
        newMessage({ role: 'assistant', metadata: { collections_used: ['plans'] } }),
      ]);
      const { session, metadata } = await ann.get(session_id);
      assert.deepEqual([session.status, session.message_count, session.fallback], ['escalated', 2, true]);
      assert.deepEqual(metadata, {
        total_queries: 1,
        collections_used: ['deeds', 'plans'],
        escalated: true,
        fallback: true,
      });
      assert.equal((await here.store.state()).journal.sessions, 1);
    });

    it('keeps only the newest messages of a session', async () => {
      const session_id = await ann.converse(3);
      here.cutOff();
      const told = await ann.tell(session_id, 3);
      const { messages } = await ann.history(session_id, { limit: 2 });
      assert.deepEqual(
        messages.map(({ message_id }) => message_id),
        told.slice(-2).map(({ message_id }) => message_id),
      );
      const { context, context_complete } = await ann.append(session_id, newMessages(1), {
        context_limit: 9,
      });
      assert.deepEqual([context?.length, context_complete], [world.limits.recentMessages, false]);
      const [old] = await ann.tell(session_id, world.limits.recentMessages + 1);
      assert.ok(old);
      const newest = (await ann.history(session_id, { limit: 2 })).messages;
      assert.deepEqual((await ann.append(session_id, [old], { context_limit: 2 })).context, newest);
    });

    it('does not report a session as missing, and does not invent one', async () => {
      here.cutOff();
      for (const recover of [true, false]) await unavailable(ann.get(randomUUID(), { recover }));
      await unavailable(ann.history(randomUUID()));
    });

    it('accepts messages for an unknown session and shows them only to the named owner', async () => {
      const elsewhere = new Actor(world.startInstance().store, 'ann');
      const session_id = await elsewhere.converse(2);
      here.cutOff();
      const [told] = await ann.tell(session_id, 1);
      const { messages, complete } = await ann.history(session_id);
      assert.deepEqual(
        messages.map(({ message_id, seq }) => [message_id, seq]),
        [[told?.message_id, null]],
      );
      assert.equal(complete, false);
      await unavailable(ann.get(session_id));
      await unavailable(bob.history(session_id));
      for (const context_limit of [1, 5]) {
        const appended = await bob.append(session_id, [newMessage()], { context_limit });
        assert.equal(appended.context?.length, context_limit === 1 ? 1 : 2);
        assert.equal(appended.context_complete, false);
      }
    });

    it('shows a cached session only to its owner', async () => {
      const session_id = await ann.converse(2);
      here.cutOff();
      await unavailable(bob.get(session_id));
      await unavailable(bob.history(session_id));
      const { context } = await bob.append(session_id, newMessages(1), { context_limit: 5 });
      assert.equal(context?.length, 1);
    });

    it('treats the end of a session as final, but not an assumed expiry', async () => {
      const ended = await ann.converse(1);
      await ann.end(ended);
      const idle = await ann.converse(1);
      here.cutOff();
      await assertEnded(ann.get(ended, { recover: true }));
      // Whether it holds the message from a first try only the primary can say.
      await unavailable(ann.append(ended, newMessages(1)));
      world.advance(world.limits.idleTimeoutMs);
      await unavailable(ann.get(idle));
      await unavailable(ann.get(idle, { recover: true }));
      assert.equal((await ann.append(idle, newMessages(1))).durability, 'volatile');
    });

    it('extends a session on activity', async () => {
      const session_id = await ann.converse(1);
      here.cutOff();
      for (let each = 0; each < 3; each += 1) {
        world.advance(world.limits.idleTimeoutMs - MINUTE_MS);
        if (each < 2) await ann.append(session_id, newMessages(1));
      }
      assert.equal((await ann.get(session_id)).durability, 'volatile');
      world.advance(MINUTE_MS);
      await unavailable(ann.get(session_id));
    });

    it('follows a rolled-over session to its cached successor', async () => {
      const session_id = await ann.converse(world.limits.messagesPerSession);
      const { session_id: successor } = await ann.append(session_id, newMessages(1));
      here.cutOff();
      const { session, rolled_over } = await ann.get(session_id);
      assert.deepEqual([session.session_id, rolled_over], [successor, true]);
    });

    it('repeats its first answer to a repeated call and journals the call once', async () => {
      here.cutOff();
      const session_id = randomUUID();
      const message = newMessage();
      const offer = async () => [
        await ann.create(session_id),
        await ann.append(session_id, [message], { context_limit: 5 }),
      ];
      assert.deepEqual(await offer(), await offer());
      assert.equal(await waiting(), 2);
      const other = newMessage({ message_id: message.message_id, content: 'other' });
      await unavailable(ann.append(session_id, [other]));
    });

    it('rejects all other calls as unavailable', async () => {
      const session_id = await ann.converse(1);
      const { messages } = await ann.history(session_id);
      here.cutOff();
      await unavailable(ann.list());
      await unavailable(ann.end(session_id));
      await unavailable(ann.escalate(session_id));
      await unavailable(ann.feedback(session_id, messages[0]?.message_id ?? '', 'positive'));
    });

    it('reserves journal space for other users when one user fills its share', async () => {
      const perOwner = { entries: 3, bytes: 2 ** 20 };
      here = world.startInstance({ journal: new MemoryJournal({ entries: 10, bytes: 2 ** 20, perOwner }) });
      [ann, bob] = [new Actor(here.store, 'ann'), new Actor(here.store, 'bob')];
      const session_id = await bob.converse(1);
      for (let each = 0; each < 3; each += 1)
        await ann.append(randomUUID(), newMessages(1), { replay: true });
      await assertNotFound(ann.get(randomUUID()));
      await unavailable(ann.append(randomUUID(), newMessages(1), { replay: true }));
      here.cutOff();
      assert.equal((await bob.append(session_id, newMessages(1))).durability, 'volatile');
    });

    it('limits the pending operations of a session, but accepts their repetition', async () => {
      const session_id = await ann.converse(0);
      here.cutOff();
      const [first] = await ann.tell(session_id, MAX_WAITING);
      assert.ok(first);
      await unavailable(ann.append(session_id, newMessages(1)));
      assert.equal((await ann.append(session_id, [first])).durability, 'volatile');
      assert.equal(await waiting(), MAX_WAITING);
    });

    it('answers quickly in a session with the maximum of pending operations', async () => {
      const session_id = await ann.converse(0);
      here.cutOff();
      const again = (await ann.tell(session_id, MAX_WAITING)).slice(-1);
      const calls = 20;
      const before = process.cpuUsage();
      for (let each = 0; each < calls; each += 1) await ann.append(session_id, again, { context_limit: 20 });
      const { user, system } = process.cpuUsage(before);
      const cpuMs = (user + system) / 1000 / calls;
      assert.ok(cpuMs < 5, `${cpuMs} ms of CPU time for each call`);
    });

    it('refuses operations beyond the journal limits and drops no accepted ones', async () => {
      here = world.startInstance({ journal: new MemoryJournal({ entries: 3, bytes: 2 ** 20 }) });
      ann = new Actor(here.store, 'ann');
      const session_id = await ann.converse(0);
      here.cutOff();
      const sent = await ann.tell(session_id, 3);
      for (let each = 0; each < 2; each += 1) await unavailable(ann.append(session_id, newMessages(1)));
      assert.deepEqual(
        here.events.map(({ event }) => event),
        ['activated', 'full'],
      );
      assert.equal((await here.store.state()).counts.turned_away, 2);
      here.reconnect();
      await ann.get(session_id);
      assert.deepEqual(
        (await durable(session_id)).map(({ message_id }) => message_id),
        sent.map(({ message_id }) => message_id),
      );
    });
  });

  describe('after the primary has recovered', () => {
    it('replays a session in order before it runs a new operation there', async () => {
      const session_id = await ann.converse(1);
      here.cutOff();
      const told = await ann.tell(session_id, 3);
      here.reconnect();
      const [last] = newMessages(1);
      assert.ok(last);
      const { messages, durability, held_by } = await ann.append(session_id, [last]);
      assert.deepEqual([messages[0]?.seq, durability, held_by], [5, 'durable', null]);
      const stored = await durable(session_id);
      assert.deepEqual(
        stored.slice(1).map(({ message_id, seq, replayed }) => [message_id, seq, replayed]),
        [...told, last].map(({ message_id }, index) => [message_id, index + 2, index < 3]),
      );
      assert.equal((await ann.get(session_id)).session.fallback, true);
      assert.equal(await waiting(), 0);
    });

    it('returns the seq of a replayed message without a call to the primary', async () => {
      const session_id = await ann.converse(0);
      here.cutOff();
      const [message] = await ann.tell(session_id, 1);
      assert.ok(message);
      here.reconnect();
      await ann.get(session_id);
      here.cutOff();
      const { messages, durability } = await ann.append(session_id, [message], { replay: true });
      assert.deepEqual([messages[0]?.seq, durability], [1, 'durable']);
      const other = { ...message, content: 'other' };
      assert.equal((await ann.append(session_id, [other], { replay: true })).durability, 'volatile');
    });

    it('replays the sessions of other users after one successful call', async () => {
      const [first, second] = [await ann.converse(0), await bob.converse(0)];
      here.cutOff();
      await bob.tell(second, 2);
      await ann.tell(first, 1);
      here.reconnect();
      world.advance(1000);
      await ann.list();
      assert.equal(await waiting(), 0);
      assert.equal((await durable(second, 'bob')).length, 2);
      assert.deepEqual(here.events.at(-1), {
        event: 'replayed',
        accepted: 3,
        replayed: 3,
        refused: 0,
        ms: 1000,
      });
    });

    it('reports an empty journal even when a call in the last session replayed it', async () => {
      const session_id = await ann.converse(2);
      here.cutOff();
      await ann.append(session_id, newMessages(1));
      here.reconnect();
      await ann.get(session_id);
      assert.deepEqual(
        here.events.map(({ event }) => event),
        ['activated', 'replayed'],
      );
    });

    it('replays operations that another instance added to the shared journal', async () => {
      const journal = new MemoryJournal(PLENTY);
      const [one, other] = [world.startInstance({ journal }), world.startInstance({ journal })];
      const session_id = await ann.converse(2);
      one.cutOff();
      await new Actor(one.store, 'ann').append(session_id, newMessages(1));
      const another = new Actor(other.store, 'bob');
      await another.create();
      assert.equal((await durable(session_id)).length, 3);
    });

    it('opens the accepted sessions with their messages', async () => {
      here.cutOff();
      const session_id = randomUUID();
      await ann.create(session_id);
      const told = await ann.tell(session_id, 2);
      here.reconnect();
      const { session } = await ann.get(session_id);
      assert.deepEqual(
        [session.session_id, session.fallback, session.company],
        [session_id, true, 'Erf & Co'],
      );
      assert.deepEqual(
        (await durable(session_id)).map(({ message_id }) => message_id),
        told.map(({ message_id }) => message_id),
      );
    });

    it('stores a message once after an unclear commit', async () => {
      const session_id = await ann.converse(0);
      const [message] = newMessages(1);
      assert.ok(message);
      here.meet((method) => (method === 'commit' ? { kind: 'after', code: 14 } : { kind: 'pass' }));
      assert.equal((await ann.append(session_id, [message])).durability, 'volatile');
      here.reconnect();
      const { messages, durability } = await ann.append(session_id, [message], { replay: true });
      assert.deepEqual([messages[0]?.seq, durability], [1, 'durable']);
      assert.equal((await durable(session_id)).length, 1);
    });

    it('replays messages of a session that is over into its successor and does not change that session', async () => {
      const other = world.startInstance();
      const [ended, idle] = [await ann.converse(1), await ann.converse(1)];
      here.cutOff();
      await ann.tell(ended, 2);
      await new Actor(other.store, 'ann').end(ended);
      const before = (await new Actor(other.store, 'ann').list({ status: 'ended' })).sessions;
      world.advance(world.limits.idleTimeoutMs);
      await ann.tell(idle, 1);
      here.reconnect();
      await bob.list();
      await bob.list();
      assert.equal(await waiting(), 0);
      assert.deepEqual((await new Actor(other.store, 'ann').list({ status: 'ended' })).sessions, before);
      for (const [session_id, count] of [
        [ended, 2],
        [idle, 1],
      ] as const) {
        assert.equal((await durable(session_id)).length, 1);
        const stored = await durable(successorId('ann', session_id));
        assert.deepEqual(
          stored.map(({ seq, replayed }) => [seq, replayed]),
          Array.from({ length: count }, (_, index) => [index + 1, true]),
        );
      }
    });

    it('retains messages of an unknown session for the grace period and then recovers or refuses them as requested', async () => {
      const [recovering, strict] = [randomUUID(), randomUUID()];
      here.cutOff();
      await ann.append(recovering, newMessages(1), { recover: true });
      const [lost] = newMessages(1);
      assert.ok(lost);
      await ann.append(strict, [lost]);
      here.reconnect();
      await bob.list();
      assert.equal(await waiting(), 2);
      const behind = await ann.append(recovering, newMessages(1), { recover: true });
      assert.equal(behind.durability, 'volatile');
      await unavailable(ann.end(recovering));
      const { messages, complete } = await ann.history(recovering);
      assert.deepEqual([messages.length, complete], [2, false]);
      world.advance(MINUTE_MS);
      await bob.list();
      assert.equal(await waiting(), 0);
      assert.equal((await durable(successorId('ann', recovering))).length, 2);
      await assertNotFound(durable(strict));
      assert.deepEqual(
        here.events.find(({ event }) => event === 'refused'),
        {
          event: 'refused',
          reason: 'not-found',
          entries: 1,
        },
      );
      await assertNotFound(ann.append(strict, [lost], { replay: true }));
      here.cutOff();
      const assertRefused = () =>
        assertFails(ann.append(strict, [lost], { replay: true }), 'failed-precondition', {
          reason: 'refused',
          because: 'not-found',
        });
      await assertRefused();
      await ann.tell(strict, 1);
      await assertRefused();
      assert.equal(await waiting(), 1);
    });

    it('does not open a successor for a repeated message before the grace period ends', async () => {
      const session_id = randomUUID();
      const offer = () => ann.append(session_id, messages, { recover: true, replay: true });
      const messages = newMessages(1);
      assert.equal((await offer()).durability, 'volatile');
      assert.deepEqual((await ann.list()).sessions, []);
      world.advance(MINUTE_MS);
      await bob.list();
      assert.equal((await offer()).session_id, successorId('ann', session_id));
    });

    it('keeps messages pending until another instance replays the creation of their session', async () => {
      const there = world.startInstance();
      const session_id = randomUUID();
      for (const each of [here, there]) each.cutOff();
      await new Actor(there.store, 'ann').create(session_id);
      await ann.tell(session_id, 1);
      here.reconnect();
      await bob.list();
      assert.equal(await waiting(), 1);
      there.reconnect();
      await new Actor(there.store, 'bob').list();
      world.advance(1000);
      await bob.list();
      assert.equal((await durable(session_id)).length, 1);
    });

    it('replays messages for a foreign session into a successor of the caller or refuses them', async () => {
      const there = new Actor(world.startInstance().store, 'bob');
      const session_id = await there.converse(1);
      here.cutOff();
      await ann.append(session_id, newMessages(1), { recover: true });
      await ann.create(session_id);
      here.reconnect();
      await bob.list();
      world.advance(MINUTE_MS);
      await bob.list();
      assert.equal(await waiting(), 0);
      assert.equal((await durable(session_id, 'bob')).length, 1);
      assert.equal((await durable(successorId('ann', session_id))).length, 1);
      assert.deepEqual(
        here.events.filter(({ event }) => event === 'refused'),
        [{ event: 'refused', reason: 'not-found', entries: 1 }],
      );
    });

    it('refuses the pending operations of a user who was erased meanwhile', async () => {
      const session_id = await ann.converse(0);
      here.cutOff();
      await ann.tell(session_id, 1);
      await ann.create(v4());
      await world.calm.db.doc('kb_tombstones/uid_ann').set({ erased: true });
      here.reconnect();
      await bob.list();
      assert.deepEqual(await durable(session_id), []);
      assert.deepEqual(
        here.events.filter(({ event }) => event === 'refused'),
        [
          { event: 'refused', reason: 'erased', entries: 1 },
          { event: 'refused', reason: 'erased', entries: 1 },
        ],
      );
    });

    describe('when the user has too many open sessions', () => {
      const MAX_PAUSE_MS = 64_000;
      let crowded: string;
      /** Twice as many as may be open, for there is so much room for what is replayed. */
      beforeEach(async () => {
        world = failoverWorld({
          ...SMALL_LIMITS,
          openSessionsPerUser: 1,
          idleTimeoutMs: DAY_MS,
          lifetimeMs: DAY_MS,
        });
        here = world.startInstance();
        [ann, bob] = [new Actor(here.store, 'ann'), new Actor(here.store, 'bob')];
        for (const left of [0, 0, 3]) {
          here.cutOff();
          crowded = (await ann.create()).session_id;
          if (left > 0) await ann.tell(crowded, 2);
          here.reconnect();
          await bob.list();
          assert.equal(await waiting(), left);
        }
      });
      const pass = async (ms: number): Promise<void> => {
        for (const until = world.now() + ms; world.now() < until; await bob.list())
          world.advance(MINUTE_MS / 2);
      };

      it('retries until another session ends', async () => {
        await pass(FAILING_GRACE_MS - MINUTE_MS);
        const [open] = (await ann.list()).sessions;
        await ann.end(open?.session_id ?? assert.fail());
        await pass(MAX_PAUSE_MS);
        assert.equal(await waiting(), 0);
        assert.equal((await durable(crowded)).length, 2);
        assert.equal((await here.store.state()).counts.refused, 0);
      });

      it('stops after the grace period and refuses the later operations of that session too', async () => {
        await pass(FAILING_GRACE_MS - MINUTE_MS);
        assert.equal(await waiting(), 3);
        await pass(2 * (MINUTE_MS + MAX_PAUSE_MS));
        assert.equal(await waiting(), 0);
        const { accepted, replayed, refused } = (await here.store.state()).counts;
        assert.deepEqual([accepted, replayed, refused], [5, 2, 3]);
        const refusal = { event: 'refused', reason: 'open_sessions', entries: 1 };
        assert.deepEqual(
          here.events.find(({ event }) => event === 'refused'),
          refusal,
        );
      });

      it('does not count the time of an outage, when no session can end', async () => {
        await pass(FAILING_GRACE_MS - MINUTE_MS);
        here.cutOff();
        for (let each = 0; each < 10; each += 1) {
          await unavailable(bob.list());
          world.advance(MINUTE_MS);
        }
        await unavailable(bob.list());
        here.reconnect();
        await bob.list();
        await pass(FAILING_GRACE_MS - MINUTE_MS);
        assert.equal(await waiting(), 3);
      });
    });

    it('refuses an operation that fails repeatedly while others succeed, and replays the rest', async () => {
      const [poisoned, healthy] = [await ann.converse(0), await ann.converse(0)];
      here.cutOff();
      const [poison] = await ann.tell(poisoned, 1);
      assert.ok(poison);
      const [behind] = await ann.tell(poisoned, 1);
      await ann.tell(healthy, 1);
      here.reconnect();
      const cure = here.poison(poison.message_id);
      const { store } = here;
      for (let each = 0; each < 24; each += 1) {
        await bob.converse(1);
        assert.equal(here.primary.state, 'closed');
        world.advance(MINUTE_MS / 2);
      }
      assert.equal((await durable(healthy)).length, 1);
      const stored = await durable(poisoned);
      assert.deepEqual(
        stored.map(({ message_id }) => message_id),
        [behind?.message_id],
      );
      const { counts } = await store.state();
      assert.deepEqual([counts.accepted, counts.replayed, counts.refused], [3, 2, 1]);
      await assertFails(ann.append(poisoned, [poison], { replay: true }), 'failed-precondition', {
        reason: 'refused',
        because: 'failing',
      });
      // The primary may have it all the same, or take it now.
      cure();
      assert.equal((await ann.append(poisoned, [poison], { replay: true })).durability, 'durable');
    });

    for (const recover of [false, true]) {
      it(`replays nothing in a session before its creation, which a client may resend late, ${recover ? 'with recovery' : 'without recovery'}`, async () => {
        const dying = world.startInstance();
        for (const each of [here, dying]) each.cutOff();
        const session_id = randomUUID();
        await new Actor(dying.store, 'ann').create(session_id);
        const [told] = newMessages(1);
        assert.ok(told);
        await ann.append(session_id, [told], { recover });
        await ann.create(session_id);
        here.reconnect();
        world.advance(1000);
        await bob.list();
        assert.deepEqual(
          (await durable(session_id)).map(({ message_id }) => message_id),
          [told.message_id],
        );
        assert.equal((await here.store.state()).counts.refused, 0);
      });

      it(`returns the session of a pending creation and opens no other, ${recover ? 'with recovery' : 'without recovery'}`, async () => {
        here.cutOff();
        const session_id = randomUUID();
        await ann.create(session_id);
        await ann.tell(session_id, 2);
        let failing = 2;
        here.meet((method) =>
          method === 'commit' && failing-- > 0 ? { kind: 'before', code: 13 } : { kind: 'pass' },
        );
        const { session, recovered } = await ann.get(session_id, { recover });
        assert.deepEqual([session.session_id, session.message_count, recovered], [session_id, 2, false]);
      });
    }

    for (const code of [7, 13]) {
      it(`keeps all operations while the primary answers reads but no writes (code ${code})`, async () => {
        const session_id = await ann.converse(0);
        here.cutOff();
        const told = await ann.tell(session_id, 2);
        here.meet((method) => (method === 'commit' ? { kind: 'before', code } : { kind: 'pass' }));
        for (let each = 0; each < 30; each += 1) {
          world.advance(MINUTE_MS / 6);
          await bob.list();
        }
        here.reconnect();
        world.advance(2 * MINUTE_MS);
        await bob.list();
        assert.deepEqual(
          (await durable(session_id)).map(({ message_id }) => message_id),
          told.map(({ message_id }) => message_id),
        );
      });
    }

    it('restarts the grace period of an unknown session after another outage', async () => {
      const there = world.startInstance();
      const session_id = randomUUID();
      for (const each of [here, there]) each.cutOff();
      await new Actor(there.store, 'ann').create(session_id);
      await ann.tell(session_id, 1);
      here.reconnect();
      await bob.list();
      here.cutOff();
      world.advance(2 * MINUTE_MS);
      await ann.tell(session_id, 4);
      here.reconnect();
      world.advance(MINUTE_MS / 2);
      await bob.list();
      assert.equal(await waiting(), 5);
      there.reconnect();
      await new Actor(there.store, 'bob').list();
      world.advance(MINUTE_MS / 2);
      await bob.list();
      assert.equal((await durable(session_id)).length, 5);
    });

    for (const [call, make] of Object.entries({
      list: () => bob.list(),
      create: () => bob.create(),
      'get of that session': (session_id: string) => ann.get(session_id),
    }))
      it(`restarts the grace period after an outage that this call detects: ${call}`, async () => {
        const session_id = randomUUID();
        await ann.append(session_id, newMessages(1), { replay: true });
        await bob.list();
        here.cutOff();
        for (let each = 0; each < 3; each += 1) await make(session_id).catch(() => {});
        assert.equal(here.primary.state, 'open');
        world.advance(2 * MINUTE_MS);
        here.reconnect();
        await make(session_id).catch(() => {});
        const { counts } = await here.store.state();
        assert.deepEqual([here.primary.state, counts.refused], ['closed', 0]);
      });

    it('keeps the circuit breaker closed for others when the replay of some sessions fails', async () => {
      const failing = await Promise.all(Array.from({ length: 8 }, () => ann.converse(0)));
      const healthy = await bob.converse(0);
      here.cutOff();
      for (const session_id of failing) await ann.append(session_id, [newMessage({ content: 'POISON' })]);
      here.reconnect();
      here.poison('POISON');
      const answers = [];
      for (let second = 0; second < 60; second += 1) {
        world.advance(1000);
        answers.push(await bob.get(healthy));
        assert.equal(here.primary.state, 'closed');
      }
      assert.ok(answers.every(({ durability }) => durability === 'durable'));
    });

    it('bounds the cost for others when many operations wait for unknown sessions', async () => {
      const session_id = await ann.converse(1);
      const eve = new Actor(here.store, 'eve');
      for (let each = 0; each < 50; each += 1)
        await eve.append(randomUUID(), newMessages(1), { replay: true });
      let rpcs = 0;
      here.meet(() => {
        rpcs += 1;
        return { kind: 'pass' };
      });
      for (let second = 0; second < 60; second += 1) {
        world.advance(1000);
        await ann.history(session_id);
      }
      // Each is tried 6 times, for longer and longer pauses; her own reads are 60.
      assert.ok(rpcs <= 60 + 50 * 2 * 7, `${rpcs} RPCs`);
    });

    it('returns a copy of a replayed answer', async () => {
      const session_id = await ann.converse(0);
      here.cutOff();
      const told = await ann.tell(session_id, 1);
      here.reconnect();
      const [message] = (await ann.append(session_id, told, { replay: true })).messages;
      assert.ok(message);
      message.seq = 99;
      assert.equal((await ann.append(session_id, told, { replay: true })).messages[0]?.seq, 1);
    });
  });
});

describe('FailoverStore.create() of a replayed creation', () => {
  it('fails at once when the id belongs to another user', async () => {
    const { store } = failoverWorld().startInstance();
    const { session_id } = await new Actor(store, 'ann').create();
    await assertNotFound(store.create({ owner: 'bob', user: SOMEBODY, session_id, replay: true }));
    assert.equal((await store.state()).journal.entries, 0);
  });
});
