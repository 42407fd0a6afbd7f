import assert from 'node:assert/strict';
import { checkImports } from '../imports/import-rules.ts';
import { readImports } from '../imports/read-imports.ts';

describe('checkImports()', () => {
  const allowed = [
    ['functions/src/session/manager.ts', `import { z } from 'zod'; import { plan } from './plan/append.ts';`],
    [
      'functions/src/session/firestore/firestore-store.ts',
      `import { Firestore } from 'firebase-admin/firestore';`,
    ],
    [
      'functions/src/session/index.ts',
      `export { createFirestoreStore } from './firestore/firestore-store.ts';`,
    ],
    ['functions/src/session/redis/redis-connection.ts', `const { createClient } = await import('redis');`],
    ['functions/src/session/redis/redis-journal.ts', `import { isFull } from '../fallback/is-full.ts';`],
    ['functions/src/session/index.ts', `export { openRedisJournal } from './redis/open-redis-journal.ts';`],
    [
      'functions/src/callables/calls.ts',
      `import { onCall } from 'firebase-functions/https'; import '../session/index.ts';`,
    ],
    ['functions/src/contract.ts', `import { roleSchema } from './session/records.ts';`],
    ['functions/test/index.test.ts', `import * as functions from '../src/index.ts';`],
    ['client/src/client.ts', `import type { Api } from '../../functions/src/contract.ts';`],
    ['web/src/main.ts', `import { createSessionsClient } from 'kb-sessions-client';`],
  ] as const;
  for (const [file, source] of allowed) {
    it(`lets ${file} say ${source}`, () => {
      assert.deepEqual(checkImports(file, readImports(file, source)), []);
    });
  }

  const refused = [
    ['functions/src/session/manager.ts', `import { logger } from 'firebase-functions';`],
    ['functions/src/session/manager.ts', `import type { Config } from '../config.ts';`],
    ['functions/src/session/memory-store.ts', `import { Timestamp } from 'firebase-admin/firestore';`],
    ['functions/src/session/plan/append.ts', `import { Timestamp } from '@google-cloud/firestore';`],
    ['functions/src/session/manager.ts', `const store = await import('./firestore/firestore-store.ts');`],
    ['functions/src/session/fallback/tiered-journal.ts', `const redis = await import('redis');`],
    ['functions/src/session/manager.ts', `import type { RedisClientType } from '@redis/client';`],
    ['functions/src/session/fallback/tiered-journal.ts', `import '../redis/redis-journal.ts';`],
    [
      'functions/src/session/redis/redis-journal.ts',
      `import { GrpcStatus } from 'firebase-admin/firestore';`,
    ],
    ['functions/src/callables/calls.ts', `import '../session/redis/open-redis-journal.ts';`],
    ['functions/src/session/firestore/codec.ts', `import { HttpsError } from 'firebase-functions/https';`],
    ['functions/src/callables/calls.ts', `import { plan } from '../session/plan/append.ts';`],
    ['functions/src/triggers/on-message-created.ts', `type C = import('../session/counters.ts').Counters;`],
    ['functions/src/contract.ts', `import { SessionManager } from './session/manager.ts';`],
    ['functions/src/compose.ts', `import { sessions } from './index.ts';`],
    ['functions/src/compose.ts', `import { meter } from '../../testing/src/index.ts';`],
    ['client/src/client.ts', `import { api } from '../../functions/src/contract.ts';`],
    ['client/src/client.ts', `import { type Api } from '../../functions/src/contract.ts';`],
    ['client/src/client.ts', `import type { Session } from '../../functions/src/session/records.ts';`],
    ['web/src/main.ts', `import type { Api } from '../../functions/src/contract.ts';`],
    ['testing/src/host.ts', `export * from '../../client/src/index.ts';`],
    ['testing/src/host.ts', `import 'kb-sessions-client';`],
  ] as const;
  for (const [file, source] of refused) {
    it(`refuses ${source} in ${file}`, () => {
      const violations = checkImports(file, readImports(file, source));
      assert.equal(violations.length, 1);
      assert.match(String(violations[0]), /^\S+ imports \S+, but /);
    });
  }
});

describe('readImports()', () => {
  it('is not misled by comments and strings', () => {
    const source =
      "// import './a.ts'\nconst text = `import './b.ts'`;\nexport const quote = /'/;\nimport './c.ts';";
    assert.deepEqual(readImports('x.ts', source), [{ specifier: './c.ts', typeOnly: false }]);
  });

  it('refuses a file that does not parse', () => {
    assert.throws(() => readImports('x.ts', 'import {'), /x\.ts does not parse/);
  });
});
