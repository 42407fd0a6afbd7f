import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Actor, newMessages, SOMEBODY } from '../actor.ts';
import { assertFails } from '../assert-fails.ts';
import type { StoreContract, StoreHarness } from '../store-harness.ts';

export const openSessionsContract: StoreContract = (open) =>
  describe('the limit on open sessions', () => {
    /** Operations that were accepted during an outage are stored beyond the limit. */
    const assertTooMany = async ({ decidesAtOnce }: StoreHarness, work: Promise<unknown>) => {
      const refused = assertFails(work, 'resource-exhausted', { reason: 'open_sessions' });
      if (decidesAtOnce) await refused;
      else await Promise.any([work, refused]);
    };

    it('applies to each user separately and only to open sessions', async () => {
      const harness = open({ openSessionsPerUser: 2 });
      const { store, limits, advance } = harness;
      const [ann, bob] = [new Actor(store, 'ann'), new Actor(store, 'bob')];
      const [first] = [await ann.create(), await ann.create()];
      await assertTooMany(harness, ann.create());
      await bob.create();
      await ann.end(first.session_id);
      if (harness.decidesAtOnce) await ann.create();
      await assertTooMany(harness, ann.create());
      advance(limits.idleTimeoutMs);
      assert.equal((await ann.list({ status: 'active' })).sessions.length, 0);
    });

    it('applies to recoveries of sessions that never existed', async () => {
      const harness = open({ openSessionsPerUser: 2 });
      const ann = new Actor(harness.store, 'ann');
      const named = randomUUID();
      const recovering = { recover: true };
      const { session_id } = await ann.append(named, newMessages(1), recovering);
      await ann.create();
      await assertTooMany(harness, ann.append(randomUUID(), newMessages(1), recovering));
      await assertTooMany(harness, ann.get(randomUUID(), recovering));
      assert.equal((await ann.append(named, newMessages(1), recovering)).session_id, session_id);
    });

    it('exempts repeated calls and accepted operations', async () => {
      const { store } = open({ openSessionsPerUser: 1 });
      const ann = new Actor(store, 'ann');
      const first = await ann.create();
      assert.equal((await ann.create(first.session_id)).session_id, first.session_id);
      const accepted = { owner: 'ann', user: SOMEBODY, session_id: randomUUID(), replay: true };
      assert.equal((await store.create(accepted)).session_id, accepted.session_id);
      assert.equal((await ann.get(accepted.session_id)).session.status, 'active');
    });

    it('is twice as high for operations reported as accepted', async () => {
      const harness = open({ openSessionsPerUser: 1 });
      const { store } = harness;
      const accept = () =>
        store.create({ owner: 'ann', user: SOMEBODY, session_id: randomUUID(), replay: true });
      await accept();
      await accept();
      await assertTooMany(harness, accept());
    });
  });
