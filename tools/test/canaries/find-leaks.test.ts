import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { CANARY } from 'kb-sessions-testing';
import { findLeaks } from '../../canaries/find-leaks.ts';

const line = (fields: object) => JSON.stringify({ severity: 'INFO', message: 'call', ...fields });

describe('findLeaks()', () => {
  const leaks: [what: string, found: string][] = [
    ['canary', CANARY],
    ['canary', CANARY.toUpperCase()],
    ['token', 'eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.e30.'],
    ['e-mail address', 'ann@example.com'],
    ['raw id', randomUUID()],
    ['raw id', `kb_sessions/${randomUUID().toUpperCase()}`],
    ['raw uid', 'b4kZq0XW1aT8vLm3RyN7cUe5GdHs'],
  ];
  for (const [what, found] of leaks) {
    it(`finds a ${what} at any position and prints only its beginning: ${found.slice(0, 12)}`, () => {
      for (const text of [found, `at ${found} (x)`, line({ about: found }), `Error: "${found}"`]) {
        const [leak, ...others] = findLeaks(`ready\n${text}\n`);
        assert.deepEqual([leak?.line, leak?.what, others], [2, what, []], text);
        assert.ok((leak?.beginning.length ?? 0) < 8);
      }
    });
  }

  it('finds each of several leaks with its line', () => {
    const text = [line({ a: CANARY, b: 'ann@example.com' }), '', line({ c: randomUUID() })].join('\n');
    assert.deepEqual(
      findLeaks(text).map(({ line, what }) => [line, what]),
      [
        [1, 'canary'],
        [1, 'e-mail address'],
        [3, 'raw id'],
      ],
    );
  });

  it('accepts hashes, names of databases and projects, and paths of packages', () => {
    const text = [
      line({ user: '0f3a91c2d4e5b6a7', ms: 12.5, documents_read: 1 }),
      `Using database test-${randomUUID()} of demo-${randomUUID()}`,
      'at /workspace/node_modules/.pnpm/zod@4.6.7/node_modules/zod/index.js:10:3',
      'at IncomingMessage.onEnd (node:internal/streams/readable:1764:12)',
      'DeprecationWarning: theNameOfSomethingLongInCode is old',
    ].join('\n');
    assert.deepEqual(findLeaks(text), []);
  });
});
