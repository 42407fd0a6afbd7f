import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { failOnUnhandled } from '../bench-context.ts';

describe('failOnUnhandled()', () => {
  it('returns the result of the work or rejects with its error, and removes its listener', async () => {
    const listeners = () => process.listenerCount('unhandledRejection');
    const before = listeners();
    const during = await failOnUnhandled(async () => listeners());
    assert.deepEqual([during, listeners()], [before + 1, before]);
    await assert.rejects(
      failOnUnhandled(() => Promise.reject(new Error('it failed'))),
      /it failed/,
    );
    assert.equal(listeners(), before);
  });

  it('rejects with the first unhandled rejection, though the work is still pending', () => {
    // In a process of its own, because mocha handles unhandled rejections.
    const source = `
      import { failOnUnhandled } from ${JSON.stringify(join(import.meta.dirname, '../bench-context.ts'))};
      const work = () => {
        Promise.reject(new Error('first'));
        Promise.reject(new Error('second'));
        return new Promise((resolve) => setTimeout(resolve, 60_000).unref());
      };
      console.log(await failOnUnhandled(work).catch(({ message }) => message));
    `;
    const args = ['--input-type=module', '--eval', source];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'first\n', stderr: '' });
  });
});
