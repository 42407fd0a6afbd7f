import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from './support/temporary-folder.ts';

const bootstrap = join(import.meta.dirname, '../bootstrap.cjs');

describe('bootstrap.cjs', () => {
  it('rejects a Node.js older than 20 in one line', () => {
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

  it('rejects an unknown command in one line', () => {
    const { status, stderr } = run([bootstrap, 'deploy']);
    assert.match(
      stderr,
      /^Usage: .*<start\|test\|bench\|demo\|demo-outage\|simulate\|ok>, found deploy\.\n$/,
    );
    assert.equal(status, 1);
  });

  describe('before a command', () => {
    let project: TemporaryFolder;
    beforeEach(() => {
      project = bareProject();
    });
    afterEach(() => project[Symbol.dispose]());

    it('installs missing packages once and passes the arguments on', () => {
      assert.deepEqual(start(project, 'ok', '--some', 'thing'), {
        installed: ['.', 'functions'],
        stdout: 'ok --some thing\n',
        status: 3,
      });
      assert.deepEqual(start(project, 'ok').installed, []);
    });

    it('installs the additional packages of the benchmarks for them only', () => {
      assert.deepEqual(start(project, 'bench').installed, [
        '.',
        'functions',
        'bench',
        'bench/peers/langgraph',
      ]);
      assert.deepEqual(start(project, 'bench').installed, []);
    });

    it('installs again after a change of the lock file', () => {
      start(project, 'bench');
      const changes = {
        'another version': { 'node_modules/a': { version: '2.0.0', integrity: 'sha512-a' } },
        'other content': { 'node_modules/a': { version: '2.0.0', integrity: 'sha512-b' } },
        'another package': { 'node_modules/a/node_modules/b': { version: '1.0.0', integrity: 'sha512-a' } },
      };
      for (const [change, packages] of Object.entries(changes)) {
        writeLock(project, 'bench', packages);
        assert.deepEqual(start(project, 'ok').installed, [], change);
        assert.deepEqual(start(project, 'bench').installed, ['bench'], change);
        assert.deepEqual(start(project, 'bench').installed, [], change);
      }
    });

    it('accepts missing optional packages of other systems', () => {
      start(project, 'ok');
      writeLock(project, 'functions', {
        'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
        'node_modules/for-windows': { version: '1.0.0', integrity: 'sha512-b', optional: true },
      });
      assert.deepEqual(start(project, 'ok').installed, []);
    });

    it('stops when npm fails, and prints its output', () => {
      project.writeCommand('bin/npm', 'echo no such package; echo in no registry >&2; exit 1');
      const { status, stdout, stderr } = runIn(project, 'ok');
      assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
      assert.match(
        stderr,
        /^Installing the packages .*\nno such package\nin no registry\n\nnpm ci failed in /,
      );
    });
  });
});

/** A project whose commands say what they were given and end with 3, and an npm that notes where it ran. */
function bareProject(): TemporaryFolder {
  const project = temporaryFolder();
  for (const command of ['ok', 'bench']) {
    const script = `console.log('${command}', ...process.argv.slice(2));\nprocess.exitCode = 3;\n`;
    project.write(`scripts/${command}.ts`, script);
  }
  copyFileSync(bootstrap, join(project.path, 'scripts/bootstrap.cjs'));
  for (const folder of ['.', 'functions', 'bench', 'bench/peers/langgraph']) {
    writeLock(project, folder, { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } });
  }
  // As much of `npm ci` as is looked at: its note of what it installed, and the package `node`.
  const steps = [
    `echo "$PWD" >> '${project.path}/installed'`,
    'test "$1" = ci && mkdir -p node_modules/.bin && cp package-lock.json node_modules/.package-lock.json',
    `ln -sf '${process.execPath}' node_modules/.bin/node`,
  ];
  project.writeCommand('bin/npm', steps.join(' && '));
  return project;
}

function writeLock(project: TemporaryFolder, folder: string, packages: object): void {
  project.write(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
}

/** Runs a command of the project, and tells in which folders npm ran. */
function start(project: TemporaryFolder, command: string, ...args: string[]) {
  project.write('installed', '');
  const { status, stdout } = runIn(project, command, ...args);
  const folders = readFileSync(join(project.path, 'installed'), 'utf8').split('\n').slice(0, -1);
  return { installed: folders.map((folder) => relative(project.path, folder) || '.'), stdout, status };
}

function runIn(project: TemporaryFolder, ...args: string[]) {
  const env = { ...process.env, PATH: `${join(project.path, 'bin')}${delimiter}${process.env.PATH}` };
  const script = join(project.path, 'scripts/bootstrap.cjs');
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env });
}

function run(args: string[]) {
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}
