import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { mock } from 'node:test';
import { install, packagesFor } from '../../bootstrap/install.cjs';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

describe('install()', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
    const packages = { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };
    folder.write('package-lock.json', JSON.stringify({ packages }));
  });
  afterEach(() => {
    mock.reset();
    folder[Symbol.dispose]();
  });

  it('reports at least every 10 s that npm still runs, and nothing after its end', async () => {
    mock.timers.enable({ apis: ['setInterval', 'Date'] });
    const lines = mock.method(console, 'error', () => {});
    const npm = Object.assign(new EventEmitter(), { stdout: new PassThrough(), stderr: new PassThrough() });
    const started = Promise.withResolvers<void>();
    const start = () => {
      started.resolve();
      return npm;
    };
    const installed = install({ folder: folder.path, what: 'packages', megabytes: 5, env: {}, start });
    await started.promise;
    for (let second = 0; second < 25; second += 1) mock.timers.tick(1000);
    npm.emit('close', 0, null);
    assert.equal(await installed, null);
    mock.timers.tick(60_000);
    assert.deepEqual(
      lines.mock.calls.map(({ arguments: [line] }) => line),
      [
        'Installing 1 packages, about 5 MB (the first time only).',
        'Still installing (10 s).',
        'Still installing (20 s).',
      ],
    );
  });

  it('returns the error when npm cannot start', async () => {
    mock.method(console, 'error', () => {});
    const env = { PATH: folder.path };
    const problem = await install({ folder: folder.path, what: 'packages', megabytes: 5, env, start: spawn });
    assert.match(String(problem), /^npm could not be run: .*ENOENT\.$/);
  });
});

describe('packagesFor()', () => {
  it('counts the downloads of npm for a system, without workspaces, links or packages of other systems', () => {
    const packages = {
      '': {},
      'packages/own': {},
      'node_modules/own': { link: true },
      'node_modules/a': {},
      'node_modules/a/node_modules/b': {},
      'node_modules/mac': { os: ['darwin'] },
      'node_modules/linux-arm': { os: ['linux'], cpu: ['arm64'] },
      'node_modules/linux': { os: ['linux'], cpu: ['x64'] },
      'node_modules/not-windows': { os: ['!win32'] },
    };
    assert.equal(packagesFor({ platform: 'linux', arch: 'x64' }, packages), 4);
    assert.equal(packagesFor({ platform: 'win32', arch: 'x64' }, packages), 2);
  });
});
