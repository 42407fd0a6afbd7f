import assert from 'node:assert/strict';
import { FirestoreModel, RELIABLE_CONNECTION } from 'kb-sessions-testing';
import { modelClient } from '../../../../functions/test/simulation/model-client.ts';
import { FirestoreStore } from '../../src/firestore/index.ts';
import type { Session } from '../../src/index.ts';
import { Actor, newMessage, newMessages } from '../../src/testing/actor.ts';
import { assertEnded } from '../../src/testing/assert-fails.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { frozenTime } from '../support/frozen-time.ts';

const MEBIBYTE = 2 ** 20;

/** A user of a store that tells how often it commits and what it sees. */
const watched = () => {
  const time = frozenTime();
  let commits = 0;
  const seen: Session[] = [];
  const fault = (method: string) => {
    if (method === 'commit') commits += 1;
    return RELIABLE_CONNECTION.fault(method);
  };
  const db = modelClient(new FirestoreModel(time.now), { ...RELIABLE_CONNECTION, fault });
  const limits = { ...SMALL_LIMITS, messagesPerSession: 10_000 };
  const context = { db, limits, deadlineMs: 30_000, now: time.now, random: () => 0 };
  const ann = new Actor(new FirestoreStore(context, (session) => seen.push(session)), 'ann');
  const commitsOf = async (work: () => Promise<unknown>[]) => {
    const before = commits;
    await Promise.all(work());
    return commits - before;
  };
  return { ann, time, seen, commitsOf };
};

describe('FirestoreStore, in one commit,', () => {
  it('combines all operations of a session that arrived while its queue was busy', async () => {
    const { ann, commitsOf } = watched();
    const { session_id } = await ann.create();
    const appending = () => Array.from({ length: 20 }, () => ann.append(session_id, newMessages(2)));
    assert.equal(await commitsOf(appending), 2);
    const escalating = () => Array.from({ length: 20 }, () => ann.escalate(session_id));
    assert.equal(await commitsOf(escalating), 1);
    assert.equal((await ann.get(session_id)).session.message_seq, 40);
  });

  it('writes at most 400 messages', async () => {
    const { ann, commitsOf } = watched();
    const { session_id } = await ann.create();
    const first = () => ann.append(session_id, [newMessage()]);
    const tens = (count: number) =>
      Array.from({ length: count }, () => ann.append(session_id, newMessages(10)));
    assert.equal(await commitsOf(() => [first(), ...tens(39)]), 2);
    assert.equal(await commitsOf(() => [first(), ...tens(41)]), 3);
  });

  it('writes at most 4 MiB of content', async () => {
    const { ann, commitsOf } = watched();
    const { session_id } = await ann.create();
    const first = () => ann.append(session_id, [newMessage()]);
    const big = (bytes: number) => ann.append(session_id, [newMessage({ content: 'x'.repeat(bytes) })]);
    const half = 2 * MEBIBYTE;
    assert.equal(await commitsOf(() => [first(), big(half), big(half)]), 2);
    assert.equal(await commitsOf(() => [first(), big(half), big(half + 1)]), 3);
  });
});

describe('FirestoreStore, in its notifications,', () => {
  it('reports every session that an operation reads or changes, in its new state', async () => {
    const { ann, seen } = watched();
    const latest = () => seen.splice(0).at(-1);
    const { session_id } = await ann.create();
    assert.equal(latest()?.session_id, session_id);
    await ann.append(session_id, [newMessage()]);
    assert.equal(latest()?.message_seq, 1);
    await ann.get(session_id);
    assert.equal(latest()?.message_seq, 1);
    await ann.history(session_id);
    assert.equal(latest()?.message_seq, 1);
    await ann.end(session_id);
    assert.equal(latest()?.status, 'ended');
    await assertEnded(ann.append(session_id, [newMessage()]));
    assert.equal(latest()?.status, 'ended');
  });

  it('reports the session read and the sessions that a recovery changed', async () => {
    const { ann, seen, time } = watched();
    const { session_id } = await ann.create();
    time.advance(SMALL_LIMITS.idleTimeoutMs);
    seen.length = 0;
    await ann.get(session_id, { recover: true });
    assert.deepEqual(
      seen.map(({ status }) => status),
      ['active', 'expired', 'active'],
    );
  });
});
