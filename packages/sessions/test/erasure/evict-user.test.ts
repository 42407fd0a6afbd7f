import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { Timestamp } from 'firebase-admin/firestore';
import type { ListErasedUsers } from '../../src/erasure/tombstone-poller.ts';
import { tombstoneDocument } from '../../src/firestore/documents.ts';
import { type OperationCost, TieredJournal, trackCost } from '../../src/index.ts';
import { MemoryJournal } from '../../src/memory/index.ts';
import { Actor, newMessages } from '../../src/testing/actor.ts';
import { assertFails } from '../../src/testing/assert-fails.ts';
import { Shaky } from '../../src/testing/journal-contract/shaky-journal.ts';
import {
  type FailoverInstance,
  type FailoverWorld,
  failoverWorld,
  PLENTY,
} from '../support/failover-harness.ts';

const MINUTE_MS = 60_000;
const unavailable = (work: Promise<unknown>) => assertFails(work, 'unavailable');

/** A journal whose shared part is away. */
const halfAway = () => {
  const shared = new Shaky(new MemoryJournal(PLENTY));
  shared.state = 'deaf';
  return new TieredJournal({ shared, local: new MemoryJournal(PLENTY), onChange: () => {} });
};

describe('FailoverStore, after the erasure of a user,', () => {
  let world: FailoverWorld;
  let here: FailoverInstance;
  let ann: Actor;
  let bob: Actor;
  let anns: string;
  let bobs: string;

  const start = async (options: Parameters<FailoverWorld['startInstance']>[0] = {}): Promise<void> => {
    here = world.startInstance(options);
    [ann, bob] = [new Actor(here.store, 'ann'), new Actor(here.store, 'bob')];
    [anns, bobs] = [await ann.converse(1), await bob.converse(1)];
  };
  beforeEach(async () => {
    world = failoverWorld();
    await start();
  });

  const erase = async (owner: string): Promise<void> => {
    await tombstoneDocument(world.calm.db, owner).set({ updated_at: Timestamp.fromMillis(world.now()) });
  };
  const stored = async (session_id: string, owner: string): Promise<number> =>
    (await new Actor(world.startInstance().store, owner).history(session_id)).messages.length;
  /** What is answered in an outage, from memory. */
  const assertKnown = async (known: { ann: boolean }): Promise<void> => {
    here.cutOff();
    for (const read of [() => ann.get(anns), () => ann.history(anns)])
      await (known.ann ? read() : unavailable(read()));
    assert.equal((await bob.get(bobs)).durability, 'volatile');
    assert.equal((await bob.history(bobs)).messages.length, 1);
    here.reconnect();
  };

  describe('forget()', () => {
    it('removes the cached data of that user and keeps the data of others', async () => {
      await assertKnown({ ann: true });
      assert.equal(await here.store.evictUser('ann'), 0);
      await assertKnown({ ann: false });
    });

    it('removes the pending operations of that user and counts them as refused', async () => {
      here.cutOff();
      await ann.tell(anns, 2);
      await ann.create();
      await bob.tell(bobs, 1);
      assert.equal(await here.store.evictUser('ann'), 3);
      assert.equal(await here.store.evictUser('ann'), 0);
      here.reconnect();
      await bob.list();
      assert.deepEqual([await stored(anns, 'ann'), await stored(bobs, 'bob')], [1, 2]);
      assert.equal((await ann.list()).sessions.length, 1);
      const { accepted, replayed, refused } = (await here.store.state()).counts;
      assert.deepEqual([accepted, replayed, refused], [4, 1, 3]);
      assert.deepEqual(
        here.events.filter(({ event }) => event === 'refused'),
        [{ event: 'refused', reason: 'erased', entries: 3 }],
      );
      assert.deepEqual(here.events.at(-1)?.event, 'replayed');
    });

    it('removes the stored answers of replayed operations', async () => {
      const volatile: Record<string, Parameters<Actor['append']>> = {};
      here.cutOff();
      for (const actor of [ann, bob]) {
        const session_id = actor === ann ? anns : bobs;
        volatile[actor.owner] = [session_id, await actor.tell(session_id, 1), { replay: true }];
      }
      here.reconnect();
      await bob.list();
      await here.store.evictUser('ann');
      here.cutOff();
      const durabilities = [];
      for (const actor of [ann, bob]) {
        const [session_id, messages, options] = volatile[actor.owner] ?? assert.fail();
        durabilities.push((await actor.append(session_id, messages, options)).durability);
      }
      assert.deepEqual(durabilities, ['volatile', 'durable']);
    });

    it('removes the waiting times of pending operations', async () => {
      const unknown = randomUUID();
      const offer = (actor: Actor, session_id: string) =>
        actor.append(session_id, newMessages(1), { replay: true });
      await offer(ann, unknown);
      await offer(bob, randomUUID());
      await bob.list();
      await here.store.evictUser('ann');
      world.advance(MINUTE_MS);
      // What had waited as long is given up.
      await offer(ann, unknown);
      await bob.list();
      const { journal, counts } = await here.store.state();
      assert.deepEqual([journal.entries, counts.refused], [1, 2]);
    });

    it('fails when the shared journal is unavailable, but clears the data of its own instance', async () => {
      await start({ journal: halfAway() });
      await unavailable(here.store.evictUser('ann'));
      await assertKnown({ ann: false });
    });
  });

  describe('when another instance erased the user', () => {
    it('evicts the user within a minute, on the next call of any user', async () => {
      await erase('ann');
      world.advance(MINUTE_MS - 1);
      await bob.get(bobs);
      await assertKnown({ ann: true });
      world.advance(1);
      await bob.get(bobs);
      await assertKnown({ ann: false });
    });

    it('does not replay operations of that user', async () => {
      here.cutOff();
      await ann.tell(anns, 1);
      await erase('ann');
      world.advance(MINUTE_MS);
      here.reconnect();
      await bob.list();
      assert.equal(await stored(anns, 'ann'), 1);
      assert.equal((await here.store.state()).journal.entries, 0);
    });

    it('evicts data again that a running operation restored, when the erasure continues', async () => {
      await erase('ann');
      world.advance(MINUTE_MS);
      await bob.get(bobs);
      await ann.get(anns);
      world.advance(MINUTE_MS);
      await bob.get(bobs);
      await assertKnown({ ann: true });
      await erase('ann');
      world.advance(MINUTE_MS);
      await bob.get(bobs);
      await assertKnown({ ann: false });
    });

    it('polls once a minute, first from ten minutes before its start and then from the last reported time', async () => {
      const began = world.now();
      const asked: number[] = [];
      const asksErased: ListErasedUsers = async (since) => {
        asked.push(since);
        return { owners: [], until: began + asked.length };
      };
      await start({ asksErased });
      for (let step = 0; step < 12; step += 1) {
        world.advance(MINUTE_MS / 4);
        await bob.list();
        await bob.list();
      }
      assert.deepEqual(asked, [began - 10 * MINUTE_MS, began + 1, began + 2]);
    });

    it('adds no cost to the operation that triggers the poll', async () => {
      const costOfList = async (): Promise<OperationCost> => {
        const cost = { documents_read: 0, documents_written: 0 };
        await trackCost(cost, () => bob.list());
        return cost;
      };
      await erase('ann');
      const before = await costOfList();
      world.advance(MINUTE_MS);
      assert.deepEqual(await costOfList(), before);
      await assertKnown({ ann: false });
    });

    it('reports a failed poll without failing a call, and repeats it a minute later', async () => {
      const asked: number[] = [];
      const failure = new Error('no index');
      const asksErased: ListErasedUsers = async (since) => {
        asked.push(since);
        if (asked.length < 3) throw failure;
        return { owners: ['ann'], until: since };
      };
      await start({ asksErased });
      here.cutOff();
      await ann.tell(anns, 1);
      here.reconnect();
      for (const expected of [1, 2, 3]) {
        world.advance(MINUTE_MS);
        assert.equal((await bob.get(bobs)).durability, 'durable');
        assert.equal((await here.store.state()).journal.entries, 0);
        await bob.list();
        assert.equal(asked.length, expected);
      }
      assert.equal(new Set(asked).size, 1);
      const stalled = { event: 'stalled', cause: failure } as const;
      assert.deepEqual(
        here.events.filter(({ event }) => event === 'stalled'),
        [stalled, stalled],
      );
      await assertKnown({ ann: false });
    });

    it('clears the journal one user at a time, and repeats all of them when one fails', async () => {
      const asked: number[] = [];
      const asksErased: ListErasedUsers = async (since) => {
        asked.push(since);
        return { owners: ['cas', 'ann', 'dan'], until: since + 1 };
      };
      const journal = new MemoryJournal(PLENTY);
      const forget = journal.removeOwner.bind(journal);
      let underWay = 0;
      journal.removeOwner = async (owner) => {
        underWay += 1;
        assert.equal(underWay, 1);
        await turn();
        underWay -= 1;
        if (owner === 'cas' && asked.length === 1) throw failure;
        return forget(owner);
      };
      const failure = new Error('not in time');
      await start({ asksErased, journal });
      here.cutOff();
      for (const owner of ['cas', 'ann', 'dan']) await new Actor(here.store, owner).create();
      here.reconnect();
      for (let each = 0; each < 3; each += 1) {
        world.advance(MINUTE_MS);
        await bob.get(bobs);
        const { replayed, refused } = (await here.store.state()).counts;
        assert.deepEqual([replayed, refused], [1, 2]);
      }
      const [first = 0] = asked;
      assert.deepEqual(asked, [first, first, first + 1]);
      assert.deepEqual(
        here.events.filter(({ event }) => event === 'stalled'),
        [{ event: 'stalled', cause: failure }],
      );
    });

    it('evicts all users from memory and repeats the poll when the journal cannot forget one', async () => {
      const asked: number[] = [];
      const asksErased: ListErasedUsers = async (since) => {
        asked.push(since);
        return { owners: ['cas', 'ann'], until: since + 1 };
      };
      await start({ asksErased, journal: halfAway() });
      for (let each = 0; each < 2; each += 1) {
        world.advance(MINUTE_MS);
        await bob.get(bobs);
      }
      assert.equal(new Set(asked).size, 1);
      assert.deepEqual(
        here.events.map(({ event }) => event),
        ['stalled', 'stalled'],
      );
      await assertKnown({ ann: false });
    });
  });
});
