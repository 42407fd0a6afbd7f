import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { reasonOf, untilBroken } from '../bench-context.ts';

describe('untilBroken()', () => {
  const listeners = () => process.listenerCount('unhandledRejection');

  it('is what the work is, and listens no longer', async () => {
    const before = listeners();
    const during = await untilBroken(async () => listeners());
    assert.deepEqual([during, listeners()], [before + 1, before]);
    const failing = untilBroken(() => Promise.reject(new Error('it failed')));
    await assert.rejects(failing, /it failed/);
    assert.equal(listeners(), before);
  });

  it('fails with the first of the rejections that nobody waits for, though the work goes on for ever', () => {
    // In a process of its own: mocha takes such a rejection for its own.
    const source = `
      import { untilBroken } from ${JSON.stringify(join(import.meta.dirname, '../bench-context.ts'))};
      const work = () => {
        Promise.reject(new Error('stray'));
        Promise.reject(new Error('another at the same time'));
        return new Promise((resolve) => setTimeout(resolve, 60_000).unref());
      };
      console.log(await untilBroken(work).catch(({ message }) => message));
    `;
    const args = ['--input-type=module', '--eval', source];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'stray\n', stderr: '' });
  });
});

describe('reasonOf()', () => {
  it('is the text of whatever was thrown', () => {
    assert.deepEqual([new Error('no'), 'no', 7].map(reasonOf), ['no', 'no', '7']);
  });
});
