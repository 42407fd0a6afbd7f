import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { decodeExportCursor, encodeExportCursor } from '../../src/export/export-cursor.ts';

const encoded = (text: string): string => Buffer.from(text).toString('base64url');
const id = randomUUID();

describe('decodeExportCursor()', () => {
  it('returns the position of every cursor', () => {
    for (const kind of ['sessions', 'messages'] as const)
      for (const after of [id, 'ofTheConsole12345678', 'a_b.c', 'é', 'x'.repeat(1500)])
        assert.deepEqual(decodeExportCursor(encodeExportCursor({ kind, after })), { kind, after });
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
      assert.throws(() => decodeExportCursor(cursor), {
        name: 'SessionError',
        code: 'invalid-argument',
        details: { field: 'cursor' },
      });
    });

  it('either returns a position or fails with that error for every text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json().map(encoded)), (cursor) => {
        try {
          assert.doesNotMatch(decodeExportCursor(cursor).after, /\/|\0|^\.\.?$|^__.*__$|^$/s);
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'invalid-argument');
        }
      }),
    );
  });
});
