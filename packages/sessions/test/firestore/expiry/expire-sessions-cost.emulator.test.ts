import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type FirestoreProxy, startProxy } from 'kb-sessions-testing';
import { toIsoTime } from '../../../src/clock.ts';
import { expireSessions, type FirestoreContext } from '../../../src/firestore/index.ts';
import { SMALL_LIMITS } from '../../../src/testing/small-limits.ts';
import { store, storedSession } from '../../fixtures/documents.ts';
import { recentOf, sessionOf } from '../../fixtures/records.ts';
import { contextAt } from '../../support/context-at.ts';

describe('expireSessions(), measured at the proxy,', () => {
  let proxy: FirestoreProxy;
  let context: FirestoreContext;
  before(async () => {
    proxy = await startProxy({ target: process.env.FIRESTORE_EMULATOR_HOST ?? assert.fail('no emulator') });
    context = contextAt(proxy.address, `demo-${randomUUID()}`, { ...SMALL_LIMITS, expiryShards: 1 });
  });
  after(async () => {
    await context.db.terminate();
    await proxy.stop();
  });

  it('reads and writes each session once and none of its messages', async () => {
    const recent = recentOf(1, 2, 'x'.repeat(30_000));
    const expires_at = toIsoTime(Date.now() - 1000);
    const sessions = Array.from({ length: 10 }, () => sessionOf({ recent, expires_at }));
    await store(context, { sessions });
    const { cost } = await proxy.meter.measure(() =>
      expireSessions(context, { deadline: Number.POSITIVE_INFINITY, clock: Date.now }),
    );
    assert.deepEqual([cost.reads, cost.writes], [10, 10]);
    assert.ok(cost.bytesDown < 10_000, `10 sessions of 60 KB took ${cost.bytesDown} bytes down`);
    const first = await storedSession(context, sessions[0]?.session_id ?? '');
    assert.equal(first?.status, 'expired');
    assert.deepEqual(first?.recent, recent);
  });
});
