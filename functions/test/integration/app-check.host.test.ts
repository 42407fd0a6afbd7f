import assert from 'node:assert/strict';
import { endpoints, startEndpoints } from '../support/endpoints.ts';

describe('ENFORCE_APP_CHECK', () => {
  it('refuses every call with a missing or invalid App Check token, signed in or not', async () => {
    const hosted = await startEndpoints({ ENFORCE_APP_CHECK: 'true' });
    try {
      const admin = await hosted.group.signIn({ admin: true });
      for (const { deployed, name } of endpoints) {
        for (const user of [admin, null]) {
          for (const token of [null, '', 'e30.e30.', 'no token']) {
            const headers = token === null ? {} : { 'X-Firebase-AppCheck': token };
            const { status, text } = await hosted[deployed].post(name, { user, headers });
            assert.deepEqual([status, text.includes('UNAUTHENTICATED')], [401, true], `${name}: ${text}`);
          }
        }
      }
    } finally {
      await hosted.stop();
    }
  });
});
