import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { isoOf } from '../src/clock.ts';
import { terminate } from '../src/lifecycle.ts';
import {
  decodeSessionCursor,
  encodeSessionCursor,
  sessionPage,
  storedStatuses,
} from '../src/session-page.ts';
import { SMALL_LIMITS } from '../src/testing/small-limits.ts';
import { START, sessionOf } from './fixtures/records.ts';

const EXPIRY = START + SMALL_LIMITS.idleTimeoutMs;

describe('encodeSessionCursor()', () => {
  it('produces a cursor for URLs and payloads that decodeSessionCursor() restores', () => {
    const time = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(time, fc.uuid(), (date, session_id) => {
        const position = { created_at: date.toISOString(), session_id };
        const cursor = encodeSessionCursor(position);
        assert.deepEqual(decodeSessionCursor(cursor), position);
        assert.match(cursor, /^[\w-]{1,200}$/);
      }),
    );
  });
});

describe('decodeSessionCursor()', () => {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const id = randomUUID();
  const time = isoOf(START);
  const refused: [string, string][] = [
    ['an empty cursor', ''],
    ['a cursor that is not base64url', '%%%'],
    ['a cursor that is not JSON', Buffer.from('[').toString('base64url')],
    ['a cursor that is not a list', encoded({ created_at: time, session_id: id })],
    ['a list that is too short', encoded([time])],
    ['a list that is too long', encoded([time, id, 1])],
    ['an invalid time', encoded(['yesterday', id])],
    ['a time without milliseconds', encoded(['2026-03-01T10:00:00Z', id])],
    ['a time before the first that Firestore supports', encoded(['0000-01-01T00:00:00.000Z', id])],
    ['an id that is a path', encoded([time, 'kb_sessions/x'])],
  ];
  for (const [what, cursor] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => decodeSessionCursor(cursor), {
        name: 'SessionError',
        code: 'invalid-argument',
        details: { field: 'cursor' },
        message: 'cursor must be one that a list returned',
      });
    });
  }
});

describe('storedStatuses()', () => {
  it('includes open sessions in a search for expired ones, and uses only the status for others', () => {
    assert.deepEqual(storedStatuses('expired').sort(), ['active', 'escalated', 'expired']);
    assert.deepEqual(storedStatuses('active'), ['active']);
    assert.deepEqual(storedStatuses('ended'), ['ended']);
  });
});

describe('sessionPage()', () => {
  const open = sessionOf({ expires_at: isoOf(EXPIRY + 1) });
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
    assert.equal(page({ limit: 3, status: 'active' }).next_cursor, encodeSessionCursor(ended));
    assert.equal(page({ limit: 4, status: null }).next_cursor, null);
    assert.equal(sessionPage([], { limit: 1, status: null }, EXPIRY, SMALL_LIMITS).next_cursor, null);
  });
});
