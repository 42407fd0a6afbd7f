import assert from 'node:assert/strict';
import { contract } from 'kb-sessions-contract';
import { Metrics } from '../../src/logging/metrics.ts';

const FREE = { documents_read: 0, documents_written: 0 };

const IDLE = {
  journal: { entries: 0, bytes: 0, sessions: 0 },
  cache: { sessions: 0, bytes: 0 },
  counts: { activations: 0, accepted: 0, replayed: 0, refused: 0, turned_away: 0 },
};

describe('Metrics', () => {
  it('follows the contract in snapshot() before any call and after some', () => {
    const metrics = new Metrics();
    const { output } = contract.getMetrics;
    assert.deepEqual(output.parse(metrics.snapshot('closed', IDLE)).calls, {});
    metrics.record('addMessage', 'ok', 12.34, { documents_read: 1, documents_written: 2 });
    metrics.record('getSession', 'not-found', 0, FREE);
    assert.deepEqual(Object.keys(output.parse(metrics.snapshot('closed', IDLE)).calls), [
      'addMessage',
      'getSession',
    ]);
  });

  it('adds up outcomes and cost by call in snapshot()', () => {
    const metrics = new Metrics();
    for (const outcome of ['ok', 'ok', 'aborted']) {
      metrics.record('addMessage', outcome, 10, { documents_read: 1, documents_written: 2 });
    }
    const { addMessage } = metrics.snapshot('closed', IDLE).calls;
    assert.deepEqual(addMessage?.outcomes, { ok: 2, aborted: 1 });
    assert.deepEqual([addMessage?.documents_read, addMessage?.documents_written], [3, 6]);
  });

  it('reports the percentiles of the latencies in milliseconds in snapshot()', () => {
    const metrics = new Metrics();
    for (let ms = 1; ms <= 100; ms += 1) metrics.record('getSession', 'ok', ms, FREE);
    const { getSession } = metrics.snapshot('closed', IDLE).calls;
    assert.ok(Math.abs((getSession?.p50_ms ?? 0) - 50) < 1);
    assert.ok(Math.abs((getSession?.p99_ms ?? 0) - 99) < 1);
  });

  it('returns a copy in snapshot() that later records do not change', () => {
    const metrics = new Metrics();
    metrics.record('getSession', 'ok', 1, FREE);
    const before = metrics.snapshot('closed', IDLE).calls;
    metrics.record('getSession', 'ok', 1, { documents_read: 1, documents_written: 0 });
    assert.deepEqual([before.getSession?.outcomes, before.getSession?.documents_read], [{ ok: 1 }, 0]);
  });
});
