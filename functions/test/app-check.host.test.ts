import assert from 'node:assert/strict';
import { contract } from '../src/contract.ts';
import { startHosted } from './support/hosted.ts';

describe('ENFORCE_APP_CHECK', () => {
  it('refuses every call without an App Check token, signed in or not', async () => {
    const hosted = await startHosted({ params: { ENFORCE_APP_CHECK: 'true' } });
    try {
      const admin = await hosted.signIn({ admin: true });
      for (const name of Object.keys(contract)) {
        const { error, status } = await hosted.refused(admin, name, {});
        assert.deepEqual([status, error.status], [401, 'UNAUTHENTICATED'], name);
      }
    } finally {
      await hosted.stop();
    }
  });
});
