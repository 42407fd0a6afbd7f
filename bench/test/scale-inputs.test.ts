import assert from 'node:assert/strict';
import { inputsOf, type Measured } from '../scale/inputs.ts';
import { nothing, smallInputs } from './support/scale-inputs.ts';

const { turn, operations, stored } = smallInputs;
const append = { ...nothing, reads: 1, writes: 2, trips: 2 };
const measured: Measured = {
  turn: [{ peer: 'ours', kind: 'ours', sizes: { 30: turn }, guarantees: [] }],
  load: [
    { call: 'an empty callable', callers: {} },
    { call: 'getSession', callers: {}, cpu: { oursMs: 3, bareMs: 2, ownMs: 1, ownQuartilesMs: [0.5, 1.5] } },
  ],
  jobs: [
    { job: 'expireSessions', ms: 10, done: 1, ...jobOf(1) },
    { job: 'expireSessions', ms: 500, done: 1000, ...jobOf(1000) },
    { job: 'eraseUser', ms: 1, done: 1000, ...jobOf(1000) },
  ],
  scale: {
    operations: { ...operations, 'addMessage, question': append, 'addMessage, answer': append },
    stored,
    peers: [],
  },
};
const env = { EXPIRY_SHARDS: '8', ANALYTICS_SHARDS: '10', RETENTION_DAYS: '30', LIFETIME_SECONDS: '86400' };

describe('inputsOf()', () => {
  it('takes from each benchmark and from the deployed params', () => {
    const { cpuMs, expiredPerSecond, shards, keptDays } = inputsOf(measured, env);
    assert.deepEqual([...cpuMs], [['getSession', 3]]);
    // Of the run with most.
    assert.equal(expiredPerSecond, 2000);
    assert.deepEqual(shards, { EXPIRY_SHARDS: 8, ANALYTICS_SHARDS: 10 });
    // And a day until TTL deletes.
    assert.equal(keptDays, 32);
  });

  it('fails when a turn is not what its two calls are', () => {
    const { scale } = measured;
    const other = { ...scale.operations, 'addMessage, answer': { ...append, reads: 5 } };
    const unlike = { ...measured, scale: { ...scale, operations: other } };
    assert.throws(() => inputsOf(unlike, env), /reads of a turn must be 2 as in turn, found 6/);
  });

  it('fails without a param', () => {
    assert.throws(() => inputsOf(measured, { ...env, EXPIRY_SHARDS: undefined }), /EXPIRY_SHARDS/);
  });
});

function jobOf(documents: number) {
  const cost = { reads: 0, writes: 0, deletes: 0, trips: 0, rpcs: {}, bytesUp: 0, bytesDown: 0 };
  return { documents, cost, runs: 1, more: false, peakRss: 0, firstHalfRss: 0, peakHeap: 0 };
}
