import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { withProgress } from '../../support/with-progress.ts';

describe('withProgress()', () => {
  afterEach(() => mock.reset());

  it('reports every 10 s that the task still runs, and returns its result', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    let now = 0;
    mock.method(performance, 'now', () => now);
    const lines = mock.method(console, 'error', () => {});
    const task = Promise.withResolvers<string>();
    const result = withProgress('Building', task.promise);
    for (now = 1000; now <= 25_000; now += 1000) mock.timers.tick(1000);
    task.resolve('built');
    assert.equal(await result, 'built');
    mock.timers.tick(60_000);
    assert.deepEqual(
      lines.mock.calls.map(({ arguments: [line] }) => line),
      ['Building: 10 s so far.', 'Building: 20 s so far.'],
    );
  });

  it('reports nothing after the task has failed', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const lines = mock.method(console, 'error', () => {});
    await assert.rejects(withProgress('Building', Promise.reject(new Error('no'))), { message: 'no' });
    mock.timers.tick(60_000);
    assert.equal(lines.mock.callCount(), 0);
  });
});
