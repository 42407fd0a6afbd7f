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

  describe('while the primary is away', () => {
    it('goes on with a session it has seen: appends are volatile, without a number, behind what it knows', async () => {
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

    it('opens sessions and goes on with them', async () => {
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

    it('keeps the newest messages of a session, and no more', async () => {
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

    it('never says that a session is missing, and invents none', async () => {
      here.cutOff();
      for (const recover of [true, false]) await unavailable(ann.get(randomUUID(), { recover }));
      await unavailable(ann.history(randomUUID()));
    });

    it('takes what is written to a session it does not know, for the owner who is named, and shows it to that one alone', async () => {
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

    it('shows nothing of a session it has seen to anyone but its owner', async () => {
      const session_id = await ann.converse(2);
      here.cutOff();
      await unavailable(bob.get(session_id));
      await unavailable(bob.history(session_id));
      const { context } = await bob.append(session_id, newMessages(1), { context_limit: 5 });
      assert.equal(context?.length, 1);
    });

    it('takes the end of a session for final, and an expiry that it only supposes for none', async () => {
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

    it('keeps a session alive that is used', async () => {
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

    it('follows a session that rolled over to a successor it has seen', async () => {
      const session_id = await ann.converse(world.limits.messagesPerSession);
      const { session_id: successor } = await ann.append(session_id, newMessages(1));
      here.cutOff();
      const { session, rolled_over } = await ann.get(session_id);
      assert.deepEqual([session.session_id, rolled_over], [successor, true]);
    });

    it('answers a repeated call as the first time, and waits with it once', async () => {
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

    it('has no answer to the other calls', async () => {
      const session_id = await ann.converse(1);
      const { messages } = await ann.history(session_id);
      here.cutOff();
      await unavailable(ann.list());
      await unavailable(ann.end(session_id));
      await unavailable(ann.escalate(session_id));
      await unavailable(ann.feedback(session_id, messages[0]?.message_id ?? '', 'positive'));
    });

    it('keeps room for others, whatever one user sends', async () => {
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

    it('lets only so many calls wait in a session, whose repetition is no other', async () => {
      const session_id = await ann.converse(0);
      here.cutOff();
      const [first] = await ann.tell(session_id, MAX_WAITING);
      assert.ok(first);
      await unavailable(ann.append(session_id, newMessages(1)));
      assert.equal((await ann.append(session_id, [first])).durability, 'volatile');
      assert.equal(await waiting(), MAX_WAITING);
    });

    it('is quick in a session in which so many calls wait', async () => {
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

    it('refuses more than its journal holds, and drops nothing that it accepted', async () => {
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

  describe('when the primary is back', () => {
    it('replays a session in order before anything else is done in it', async () => {
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

    it('tells who offers a message again the number it has, without asking the primary', async () => {
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

    it('replays the sessions of others as well, once a call has found the primary there', async () => {
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

    it('tells that nothing waits any more also where the last session was replayed by a call of its own', async () => {
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

    it('replays what another instance has accepted into the journal that they share', async () => {
      const journal = new MemoryJournal(PLENTY);
      const [one, other] = [world.startInstance({ journal }), world.startInstance({ journal })];
      const session_id = await ann.converse(2);
      one.cutOff();
      await new Actor(one.store, 'ann').append(session_id, newMessages(1));
      const another = new Actor(other.store, 'bob');
      await another.create();
      assert.equal((await durable(session_id)).length, 3);
    });

    it('opens the sessions that it accepted, with what was said in them', async () => {
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

    it('stores once what an unclear commit had stored', async () => {
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

    it('passes on to the successor what was accepted for a session that is over by then, and leaves that as it is', async () => {
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

    it('waits a while for the creation of a session that the primary does not know, and then does as it was asked', async () => {
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

    it('opens no successor for what is offered again before that has waited', async () => {
      const session_id = randomUUID();
      const offer = () => ann.append(session_id, messages, { recover: true, replay: true });
      const messages = newMessages(1);
      assert.equal((await offer()).durability, 'volatile');
      assert.deepEqual((await ann.list()).sessions, []);
      world.advance(MINUTE_MS);
      await bob.list();
      assert.equal((await offer()).session_id, successorId('ann', session_id));
    });

    it('keeps a creation waiting for its messages’ sake until another instance brings it', async () => {
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

    it('gives a message for somebody else’s session to a successor of one’s own, or refuses it, and reaches no further', async () => {
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

    it('brings nothing back of a user who was erased meanwhile', async () => {
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

    describe('where its user has too many sessions open', () => {
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

      it('waits for room', async () => {
        await pass(FAILING_GRACE_MS - MINUTE_MS);
        const [open] = (await ann.list()).sessions;
        await ann.end(open?.session_id ?? assert.fail());
        await pass(MAX_PAUSE_MS);
        assert.equal(await waiting(), 0);
        assert.equal((await durable(crowded)).length, 2);
        assert.equal((await here.store.state()).counts.refused, 0);
      });

      it('does not wait for ever, and takes what is behind it along', async () => {
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

      it('does not wait out an outage, in which nobody can end one', async () => {
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

    it('sets aside what fails again and again while others succeed, and goes on with the rest', async () => {
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
      it(`does nothing in a session before its creation, which a client may bring back late, ${recover ? 'recovering' : 'without recovering'}`, async () => {
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

      it(`answers for a session whose creation waits, and opens none beside it, ${recover ? 'recovering' : 'without recovering'}`, async () => {
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
      it(`gives up nothing while the primary can be read and takes no writes (code ${code})`, async () => {
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

    it('waits for an unknown session anew when the primary has been away in between', async () => {
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
      'get, of that session': (session_id: string) => ann.get(session_id),
    }))
      it(`does so whatever calls have noticed it: ${call}`, async () => {
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

    it('lets lines that fail open the breaker for nobody else', async () => {
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

    it('costs others little that many wait for sessions that nobody knows', async () => {
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

    it('answers what was replayed with a copy', async () => {
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

describe('a creation that a client brings back', () => {
  it('is refused at once where its id is somebody else’s: nothing that it could wait for changes that', async () => {
    const { store } = failoverWorld().startInstance();
    const { session_id } = await new Actor(store, 'ann').create();
    await assertNotFound(store.create({ owner: 'bob', user: SOMEBODY, session_id, replay: true }));
    assert.equal((await store.state()).journal.entries, 0);
  });
});
