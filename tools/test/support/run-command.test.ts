import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runQuietly, runVisibly } from '../../support/run-command.ts';
import { UserError } from '../../support/user-error.ts';
import { processesWith } from './processes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const never = new Promise<never>(() => {});

describe('runQuietly()', () => {
  it('resolves when the command succeeds, and prints nothing', async () => {
    await runQuietly('Speaking', 'node', ['-e', 'console.log("not shown")']);
  });

  it('rejects with the output of both streams, the failed command and the cause', async () => {
    const script = 'console.log("one"); console.error("two"); console.log("three"); process.exitCode = 3';
    await assert.rejects(runQuietly('Speaking', 'node', ['-e', script]), (error) => {
      assert.ok(error instanceof UserError);
      const [last, ...output] = error.message.split('\n').toReversed();
      assert.equal(last, 'Speaking failed (exit code 3).');
      assert.deepEqual(output.sort(), ['one', 'three', 'two']);
      return true;
    });
    await assert.rejects(runQuietly('Dying', 'node', ['-e', 'process.kill(process.pid, "SIGKILL")']), {
      message: '\nDying failed (SIGKILL).',
    });
    await assert.rejects(
      runQuietly('Missing', 'no-such-command', []),
      /Missing failed \(.*no-such-command.*\)\.$/,
    );
  });

  it('stops the command and all its processes on cancellation', async () => {
    using folder = temporaryFolder();
    const mark = randomUUID();
    const ready = join(folder.path, 'ready');
    const child = `
      setInterval(() => {}, 1000);
      require('node:fs').writeFileSync(${JSON.stringify(ready)}, '${mark}');`;
    const script = `
      require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'ignore' });
      setInterval(() => {}, 1000);`;
    const cancelled = Promise.withResolvers<void>();
    const running = runQuietly('Waiting', 'node', ['-e', script], cancelled.promise);
    while (!existsSync(ready)) await delay(20);
    assert.equal(processesWith(mark).length, 2);
    cancelled.resolve();
    await assert.rejects(running, { name: 'InterruptedError' });
    const deadline = Date.now() + 20_000;
    while (processesWith(mark).length > 0 && Date.now() < deadline) await delay(20);
    assert.deepEqual(processesWith(mark), []);
  });
});

describe('runVisibly()', () => {
  it('returns the exit code of the command, which receives the given environment', async () => {
    const args = ['-e', 'process.exitCode = Number(process.env.KB_CODE)'];
    const visible = { command: 'node', args, environment: { KB_CODE: '5' }, cancelled: never };
    assert.equal(await runVisibly(visible), 5);
  });

  it('stops the command and returns null on cancellation', async () => {
    const cancelled = delay(100);
    const args = ['-e', 'setInterval(() => {}, 1000)'];
    assert.equal(await runVisibly({ command: 'node', args, cancelled }), null);
  });
});
