import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { toIsoTime } from '../src/clock.ts';
import { decodeCursor, EXPORT_CURSOR, encodeCursor, SESSION_LIST_CURSOR } from '../src/cursor.ts';
import { START } from './fixtures/records.ts';

const encoded = (text: string): string => Buffer.from(text).toString('base64url');
const id = randomUUID();

describe('encodeCursor()', () => {
  it('encodes cursors like earlier versions, byte for byte', () => {
    assert.equal(encodeCursor(['sessions', 'a']), 'WyJzZXNzaW9ucyIsImEiXQ');
  });

  it('produces a cursor for URLs and payloads that decodeCursor() restores', () => {
    const time = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(time, fc.uuid(), (date, session_id) => {
        const position = [date.toISOString(), session_id];
        const cursor = encodeCursor(position);
        assert.deepEqual(decodeCursor(SESSION_LIST_CURSOR, cursor), position);
        assert.match(cursor, /^[\w-]{1,200}$/);
      }),
    );
  });
});

describe('decodeCursor() of a list of sessions', () => {
  const encodedJson = (value: unknown) => encoded(JSON.stringify(value));
  const time = toIsoTime(START);
  const refused: [string, string][] = [
    ['an empty cursor', ''],
    ['a cursor that is not base64url', '%%%'],
    ['a cursor that is not JSON', Buffer.from('[').toString('base64url')],
    ['a cursor that is not a list', encodedJson({ created_at: time, session_id: id })],
    ['a list that is too short', encodedJson([time])],
    ['a list that is too long', encodedJson([time, id, 1])],
    ['an invalid time', encodedJson(['yesterday', id])],
    ['a time without milliseconds', encodedJson(['2026-03-01T10:00:00Z', id])],
    ['a time before the first that Firestore supports', encodedJson(['0000-01-01T00:00:00.000Z', id])],
    ['an id that is a path', encodedJson([time, 'kb_sessions/x'])],
  ];
  for (const [what, cursor] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => decodeCursor(SESSION_LIST_CURSOR, cursor), {
        name: 'SessionError',
        code: 'invalid-argument',
        details: { field: 'cursor' },
        message: 'cursor must be one that a list returned',
      });
    });
  }
});

describe('decodeCursor() of an export', () => {
  it('returns the position of every cursor', () => {
    for (const kind of ['sessions', 'messages'] as const)
      for (const after of [id, 'ofTheConsole12345678', 'a_b.c', 'é', 'x'.repeat(1500)])
        assert.deepEqual(decodeCursor(EXPORT_CURSOR, encodeCursor([kind, after])), [kind, after]);
  });

  for (const cursor of [
    '',
    'x',
    id,
    encoded('null'),
    encoded('{}'),
    encoded(JSON.stringify([])),
    encoded(JSON.stringify(['sessions'])),
    encoded(JSON.stringify(['sessions', id, 'more'])),
    encoded(JSON.stringify(['kb_tombstones', id])),
    encoded(JSON.stringify([id, 'sessions'])),
    ...['', '.', '..', 'a/b', '__x__', '__a\nb__', 'a\0b', 'x'.repeat(1501), null, 7, {}].map((after) =>
      encoded(JSON.stringify(['messages', after])),
    ),
  ])
    it(`refuses ${JSON.stringify(Buffer.from(cursor, 'base64url').toString()).slice(0, 60)} and names the field`, () => {
      assert.throws(() => decodeCursor(EXPORT_CURSOR, cursor), {
        name: 'SessionError',
        code: 'invalid-argument',
        details: { field: 'cursor' },
      });
    });

  it('either returns a position or fails with that error for every text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json().map(encoded)), (cursor) => {
        try {
          assert.doesNotMatch(decodeCursor(EXPORT_CURSOR, cursor)[1], /\/|\0|^\.\.?$|^__.*__$|^$/s);
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'invalid-argument');
        }
      }),
    );
  });
});
