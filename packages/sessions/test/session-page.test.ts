import assert from 'node:assert/strict';
import { toIsoTime } from '../src/clock.ts';
import { encodeCursor } from '../src/cursor.ts';
import { terminate } from '../src/lifecycle.ts';
import { sessionPage, storedStatuses } from '../src/session-page.ts';
import { SMALL_LIMITS } from '../src/testing/small-limits.ts';
import { START, sessionOf } from './fixtures/records.ts';

const EXPIRY = START + SMALL_LIMITS.idleTimeoutMs;

describe('storedStatuses()', () => {
  it('includes open sessions in a search for expired ones, and uses only the status for others', () => {
    assert.deepEqual(storedStatuses('expired').sort(), ['active', 'escalated', 'expired']);
    assert.deepEqual(storedStatuses('active'), ['active']);
    assert.deepEqual(storedStatuses('ended'), ['ended']);
  });
});

describe('sessionPage()', () => {
  const open = sessionOf({ expires_at: toIsoTime(EXPIRY + 1) });
  const unswept = sessionOf();
  const ended = terminate(sessionOf(), START);
  const page = (options: Parameters<typeof sessionPage>[1]) =>
    sessionPage([open, unswept, ended], options, EXPIRY, SMALL_LIMITS);
  const idsOf = ({ sessions }: ReturnType<typeof page>) => sessions.map(({ session_id }) => session_id);

  it('returns a session past its expires_at as expired', () => {
    assert.deepEqual(
      page({ limit: 5, status: null }).sessions.map(({ status }) => status),
      ['active', 'expired', 'ended'],
    );
  });

  it('omits sessions whose status has changed', () => {
    assert.deepEqual(idsOf(page({ limit: 5, status: 'active' })), [open.session_id]);
    assert.deepEqual(idsOf(page({ limit: 5, status: 'expired' })), [unswept.session_id]);
  });

  it('continues after the last session read, on the page or not, and ends with an incomplete page', () => {
    const cursor = encodeCursor([ended.created_at, ended.session_id]);
    assert.equal(page({ limit: 3, status: 'active' }).next_cursor, cursor);
    assert.equal(page({ limit: 4, status: null }).next_cursor, null);
    assert.equal(sessionPage([], { limit: 1, status: null }, EXPIRY, SMALL_LIMITS).next_cursor, null);
  });
});
