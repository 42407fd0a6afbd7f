import { randomInt } from 'node:crypto';
import { type FirestoreContext, FirestoreStore } from 'kb-sessions/firestore';
import { Actor, newMessages } from 'kb-sessions/internal/testing/actor';
import { assertExpired } from 'kb-sessions/internal/testing/assert-fails';
import { SMALL_LIMITS } from 'kb-sessions/internal/testing/small-limits';
import { FirestoreModel, RELIABLE_CONNECTION } from 'kb-sessions-testing';
import { frozenTime } from '../../../packages/sessions/test/support/frozen-time.ts';
import { modelClient } from './model-client.ts';

describe('a session that was reported as expired', () => {
  // Found by the simulation: what only answers that a session has expired must write it, or the commit of an append
  // that read before the expiry still meets what it read, moves expires_at on, and opens the session again.
  it('remains expired although a running append read it before', async () => {
    const time = frozenTime();
    const model = new FirestoreModel(time.now);
    const storeOn = (db: FirestoreContext['db']) =>
      new FirestoreStore({
        db,
        limits: SMALL_LIMITS,
        deadlineMs: 30_000,
        now: time.now,
        random: (below) => randomInt(below),
      });
    const held = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const schedule = async (label: string) => {
      if (label !== 'commit') return;
      reached.resolve();
      await held.promise;
    };
    const ann = new Actor(storeOn(modelClient(model)), 'ann');
    const slow = new Actor(storeOn(modelClient(model, { ...RELIABLE_CONNECTION, schedule })), 'ann');
    const { session_id } = await ann.create();
    time.advance(SMALL_LIMITS.idleTimeoutMs - 1);
    const appending = slow.append(session_id, newMessages(1));
    await reached.promise;
    time.advance(1);
    const ended = await ann.end(session_id);
    held.resolve();
    await Promise.allSettled([appending]);
    if (ended.status === 'expired') await assertExpired(ann.append(session_id, newMessages(1)));
  });
});
