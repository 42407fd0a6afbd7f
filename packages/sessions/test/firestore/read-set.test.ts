import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { GrpcStatus } from 'firebase-admin/firestore';
import { type Connection, FirestoreModel, type ModelFault } from 'kb-sessions-testing';
import { modelClient } from '../../../../functions/test/simulation/model-client.ts';
import { type FirestoreContext, FirestoreStore } from '../../src/firestore/index.ts';
import { ReadSet } from '../../src/firestore/read-set.ts';
import { Actor, newMessages } from '../../src/testing/actor.ts';
import { assertFails } from '../../src/testing/assert-fails.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { frozenTime } from '../support/frozen-time.ts';

const setupOnModel = (connection?: Connection): FirestoreContext => {
  const { now } = frozenTime();
  const db = modelClient(new FirestoreModel(now), connection);
  return { db, limits: SMALL_LIMITS, deadlineMs: 30_000, now, random: () => 0 };
};

describe('ReadSet', () => {
  it('discards the absence of a message, which may have landed since, but not its presence', async () => {
    const context = setupOnModel();
    const ann = new Actor(new FirestoreStore(context), 'ann');
    const { session_id } = await ann.create();
    const [stored] = await ann.tell(session_id, 1);
    assert.ok(stored);
    const missing = randomUUID();
    const reading = new ReadSet(context);
    await reading.load({ session_id });
    await reading.loadMessages([stored.message_id, missing]);
    assert.equal(reading.message(missing), null);
    reading.reset();
    assert.equal(reading.session(session_id), undefined);
    assert.equal(reading.message(missing), undefined);
    assert.equal(reading.message(stored.message_id)?.content, stored.content);
  });
});

describe('FirestoreStore', () => {
  it('rejects a read that lost a race as aborted, not as an outage', async () => {
    const fault = (): ModelFault => ({ kind: 'before', code: GrpcStatus.ABORTED });
    const ann = new Actor(new FirestoreStore(setupOnModel({ schedule: async () => {}, fault })), 'ann');
    for (const call of [ann.create(), ann.get(randomUUID()), ann.history(randomUUID()), ann.list()])
      await assertFails(call, 'aborted');
  });
});

describe('compareAndSet()', () => {
  it('stops on data that no plan resolves instead of reading forever', async () => {
    const context = setupOnModel();
    const ann = new Actor(new FirestoreStore(context), 'ann');
    const { session_id } = await ann.create();
    const messages = newMessages(1);
    await ann.append(session_id, messages);
    await context.db.doc(`kb_sessions/${session_id}`).update({ message_seq: 0 });
    await assert.rejects(ann.append(session_id, messages, { context_limit: 5 }), /expected a complete plan/);
  });
});
