import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EMPTY_USER_INFO, sessionSchema } from 'kb-sessions-contract/records';
import { toIsoTime, toMillis } from '../src/clock.ts';
import {
  expireIfDue,
  isOpen,
  newSession,
  newSuccessor,
  rollOver,
  terminate,
  touch,
} from '../src/lifecycle.ts';
import { SMALL_LIMITS } from '../src/testing/small-limits.ts';
import { OWNER, recentOf, START, sessionOf } from './fixtures/records.ts';

const SUCCESSOR = '3b241101-e2bb-4255-8caf-4136c566a962';

describe('expireIfDue()', () => {
  const idle = sessionOf();
  const expiry = START + SMALL_LIMITS.idleTimeoutMs;

  it('keeps a session open until the last millisecond before its expires_at', () => {
    assert.equal(expireIfDue(idle, expiry - 1, SMALL_LIMITS), idle);
  });

  for (const late of [0, 1, SMALL_LIMITS.lifetimeMs]) {
    it(`expires a session ${late} ms after its expires_at and sets its end to expires_at`, () => {
      const expired = expireIfDue(idle, expiry + late, SMALL_LIMITS);
      const expected = { status: 'expired', end_reason: 'idle_timeout', ended_at: toIsoTime(expiry) };
      assert.deepEqual(expired, { ...idle, ...expected, uncounted: true });
    });
  }

  it('expires an escalated session too', () => {
    assert.equal(expireIfDue(sessionOf({ status: 'escalated' }), expiry, SMALL_LIMITS).status, 'expired');
  });

  it('sets lifetime as the reason when the lifetime has passed', () => {
    const end = START + SMALL_LIMITS.lifetimeMs;
    const reasonAt = (expires: number) =>
      expireIfDue(sessionOf({ expires_at: toIsoTime(expires) }), end, SMALL_LIMITS).end_reason;
    assert.equal(reasonAt(end), 'lifetime');
    assert.equal(reasonAt(end - 1), 'idle_timeout');
  });

  it('does not change a session that is over', () => {
    const ended = terminate(idle, START + 1);
    assert.equal(expireIfDue(ended, expiry + 1, SMALL_LIMITS), ended);
    const expired = expireIfDue(idle, expiry, SMALL_LIMITS);
    assert.equal(expireIfDue(expired, expiry + SMALL_LIMITS.lifetimeMs, SMALL_LIMITS), expired);
  });
});

describe('touch()', () => {
  it('sets last_activity to now and expires_at one idle timeout later', () => {
    const touched = touch(sessionOf(), START + 5000, SMALL_LIMITS);
    assert.equal(touched.last_activity, toIsoTime(START + 5000));
    assert.equal(touched.expires_at, toIsoTime(START + 5000 + SMALL_LIMITS.idleTimeoutMs));
  });

  it('never moves expires_at past the lifetime', () => {
    const touched = touch(sessionOf(), START + SMALL_LIMITS.lifetimeMs - 1, SMALL_LIMITS);
    assert.equal(touched.expires_at, toIsoTime(START + SMALL_LIMITS.lifetimeMs));
  });

  it('keeps expires_at when a shorter, newer timeout would reduce it', () => {
    const session = sessionOf();
    const limits = { ...SMALL_LIMITS, idleTimeoutMs: 1000 };
    assert.equal(touch(session, START + 5000, limits).expires_at, session.expires_at);
  });

  it('never moves backwards for any order of times', () => {
    const moments = fc.array(
      fc.integer({ min: -SMALL_LIMITS.lifetimeMs, max: 2 * SMALL_LIMITS.lifetimeMs }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(moments, (offsets) => {
        let session = sessionOf();
        for (const offset of offsets) {
          const touched = touch(session, START + offset, SMALL_LIMITS);
          assert.ok(touched.last_activity >= session.last_activity);
          assert.ok(touched.expires_at >= session.expires_at);
          session = touched;
        }
        const latest = Math.max(START, ...offsets.map((offset) => START + offset));
        assert.equal(session.last_activity, toIsoTime(latest));
        assert.equal(
          toMillis(session.expires_at),
          Math.min(latest + SMALL_LIMITS.idleTimeoutMs, START + SMALL_LIMITS.lifetimeMs),
        );
      }),
    );
  });
});

describe('terminate()', () => {
  it('closes a session now at the request of its owner and marks it as uncounted', () => {
    const session = sessionOf();
    const ended = terminate(session, START + 7);
    const expected = { status: 'ended', end_reason: 'user', ended_at: toIsoTime(START + 7), uncounted: true };
    assert.deepEqual(ended, { ...session, ...expected });
    assert.equal(isOpen(ended), false);
  });
});

describe('rollOver()', () => {
  it('closes a session in favour of its successor', () => {
    const rolled = rollOver(sessionOf({ status: 'escalated' }), SUCCESSOR, START + 7);
    assert.equal(rolled.status, 'ended');
    assert.equal(rolled.end_reason, 'message_limit');
    assert.equal(rolled.continued_by, SUCCESSOR);
    assert.equal(rolled.uncounted, true);
  });
});

describe('newSession()', () => {
  const opened = (limits = SMALL_LIMITS) =>
    newSession({
      session_id: SUCCESSOR,
      owner: OWNER,
      user: EMPTY_USER_INFO,
      now: START,
      expiryShard: 3,
      limits,
    });

  it('sets purge_at to the retention after the longest possible life', () => {
    const { purge_at, expires_at, last_activity, expiry_shard, fallback } = opened();
    assert.equal(purge_at, toIsoTime(START + SMALL_LIMITS.lifetimeMs + SMALL_LIMITS.retentionMs));
    assert.equal(expires_at, toIsoTime(START + SMALL_LIMITS.idleTimeoutMs));
    assert.deepEqual([last_activity, expiry_shard, fallback], [toIsoTime(START), 3, false]);
    assert.deepEqual(sessionSchema.parse(opened()), opened());
  });

  it('never lets a session live longer than its lifetime', () => {
    const limits = { ...SMALL_LIMITS, idleTimeoutMs: SMALL_LIMITS.lifetimeMs + 1 };
    assert.equal(opened(limits).expires_at, toIsoTime(START + SMALL_LIMITS.lifetimeMs));
  });
});

describe('newSuccessor()', () => {
  const from = sessionOf({
    user_email: 'owner@example.com',
    company: 'Acme',
    conversation_summary: 'about erf sizes',
    message_seq: 3,
    message_count: 3,
    recent: [...recentOf(-2, -1), ...recentOf(1, 3)],
    status: 'expired',
  });
  const opened = newSuccessor(from, {
    session_id: SUCCESSOR,
    now: START + 9,
    expiryShard: 4,
    limits: SMALL_LIMITS,
  });

  it('opens a fresh session of the same user, linked to its predecessor', () => {
    const { user_id, user_email, company, continues, status, created_at, expiry_shard } = opened;
    assert.deepEqual(
      { user_id, user_email, company, continues, status, created_at, expiry_shard },
      {
        user_id: OWNER,
        user_email: 'owner@example.com',
        company: 'Acme',
        continues: from.session_id,
        status: 'active',
        created_at: toIsoTime(START + 9),
        expiry_shard: 4,
      },
    );
    assert.equal(opened.message_seq + opened.message_count, 0);
    assert.equal(opened.purge_at, toIsoTime(START + 9 + SMALL_LIMITS.lifetimeMs + SMALL_LIMITS.retentionMs));
  });

  it('copies the newest messages, with every seq below zero, and the summary', () => {
    assert.deepEqual(
      opened.recent.map(({ seq }) => seq),
      [-2, -1, -1, -2, -3],
    );
    assert.deepEqual(
      opened.recent.map(({ message_id }) => message_id),
      from.recent.map(({ message_id }) => message_id),
    );
    assert.equal(opened.conversation_summary, 'about erf sizes');
  });

  it('returns a valid record', () => {
    assert.deepEqual(sessionSchema.parse(opened), opened);
  });
});
