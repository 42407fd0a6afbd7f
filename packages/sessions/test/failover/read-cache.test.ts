import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toIsoTime } from '../../src/clock.ts';
import { ReadCache } from '../../src/failover/read-cache.ts';
import { terminate } from '../../src/lifecycle.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { OWNER, recentOf, START, STRANGER, sessionOf } from '../fixtures/records.ts';

const cacheOf = (sessions = 10, bytes = 2 ** 20) => new ReadCache({ sessions, bytes });

describe('ReadCache', () => {
  it('returns a session only to its owner', () => {
    const cache = cacheOf();
    const session = sessionOf();
    cache.put(session);
    assert.equal(cache.get(OWNER, session.session_id), session);
    assert.equal(cache.get(STRANGER, session.session_id), null);
  });

  it('keeps the newest state in any order of arrival', () => {
    const early = sessionOf();
    const read = { ...early, last_activity: toIsoTime(START + 1) };
    const told = { ...read, message_seq: 1 };
    const ended = terminate(told, START + 2);
    const states = [early, read, told, ended];
    fc.assert(
      fc.property(fc.shuffledSubarray(states, { minLength: 1 }), (seen) => {
        const cache = cacheOf();
        for (const session of seen) cache.put(session);
        const newest = Math.max(...seen.map((session) => states.indexOf(session)));
        assert.equal(cache.get(OWNER, early.session_id), states[newest]);
      }),
    );
  });

  it('evicts the least recently used session at its limit of sessions and of bytes', () => {
    const [first, second, third] = [sessionOf(), sessionOf(), sessionOf()];
    const cache = cacheOf(2);
    for (const session of [first, second]) cache.put(session);
    cache.get(OWNER, first.session_id);
    cache.put(third);
    assert.equal(cache.get(OWNER, second.session_id), null);
    assert.equal(cache.get(OWNER, first.session_id), first);

    const small = cacheOf(1000, 50_000);
    for (let each = 0; each < 20; each += 1) {
      small.put(sessionOf({ recent: recentOf(1, 1, 'x'.repeat(10_000)) }));
      assert.ok(small.size.bytes <= 50_000);
    }
    assert.equal(small.size.sessions, 4);
    const huge = sessionOf({ recent: recentOf(1, 1, 'x'.repeat(60_000)) });
    small.put(huge);
    assert.equal(small.get(OWNER, huge.session_id), null);
  });

  it('removes all sessions of the given owners', () => {
    const cache = cacheOf();
    const [gone, kept] = [sessionOf({ user_id: 'gone' }), sessionOf({ user_id: STRANGER })];
    const sessions = [sessionOf(), terminate(sessionOf(), START), gone, kept];
    for (const session of sessions) cache.put(session);
    for (let each = 0; each < 2; each += 1) cache.evict(new Set([OWNER, 'gone', 'nobody']));
    const left = sessions.map(({ user_id, session_id }) => cache.get(user_id, session_id));
    assert.deepEqual(left, [null, null, null, kept]);
    assert.equal(cache.size.sessions, 1);
  });

  it('removes open sessions that have expired', () => {
    const cache = cacheOf();
    const [open, later, over] = [
      sessionOf(),
      sessionOf({ expires_at: toIsoTime(START + 2 * SMALL_LIMITS.idleTimeoutMs) }),
      terminate(sessionOf(), START),
    ];
    for (const session of [open, later, over]) cache.put(session);
    assert.equal(cache.dropExpired(START + SMALL_LIMITS.idleTimeoutMs), 1);
    assert.equal(cache.dropExpired(START + SMALL_LIMITS.idleTimeoutMs), 0);
    assert.equal(cache.get(OWNER, open.session_id), null);
    assert.deepEqual([cache.get(OWNER, later.session_id), cache.get(OWNER, over.session_id)], [later, over]);
  });
});
