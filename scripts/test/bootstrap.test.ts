import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from './support/temporary-folder.ts';

const bootstrap = join(import.meta.dirname, '../bootstrap.cjs');

describe('bootstrap.cjs', () => {
  it('refuses a Node older than 20 in one line', () => {
    using folder = temporaryFolder();
    const fake = folder.write(
      'old-node.cjs',
      `Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } });`,
    );
    const { status, stdout, stderr } = run(['--require', fake, bootstrap, 'test']);
    assert.equal(
      stderr,
      'Node.js 20 or newer is needed, this is 18.20.4: install one from https://nodejs.org and try again.\n',
    );
    assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
  });

  it('refuses a command it does not know in one line', () => {
    const { status, stderr } = run([bootstrap, 'deploy']);
    assert.match(stderr, /^Usage: .*<start\|test\|demo\|demo-outage\|simulate\|ok>, found deploy\.\n$/);
    assert.equal(status, 1);
  });
});

function run(args: string[]) {
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}
