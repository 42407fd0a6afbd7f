import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commands } from '../commands.cjs';
import { portNames } from '../emulators/configured-ports.cjs';
import { findFreePorts } from '../emulators/ports.ts';
import { processesWith } from './support/processes.ts';
import { type TemporaryFolder, temporaryFolder } from './support/temporary-folder.ts';

const tools = join(import.meta.dirname, '..');
const bootstrap = join(tools, 'bootstrap.cjs');
const names = Object.keys(commands);

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
    assert.equal(stderr, `Usage: node tools/bootstrap.cjs <${names.join('|')}>, found deploy.\n`);
    assert.equal(status, 2);
  });

  describe('in a project', () => {
    let project: TemporaryFolder;
    beforeEach(async () => {
      project = await bareProject();
    });
    afterEach(() => project[Symbol.dispose]());

    for (const name of names) {
      it(`names an unknown option of ${name} and exits with 2 before any installation`, () => {
        const { status, stdout, stderr } = runIn(project, name, '--units');
        assert.equal(stderr, `Unknown option '--units'. See \`npm run ${name} -- --help\`.\n`);
        assert.deepEqual({ status, stdout, installed: installed(project) }, nothingDone(2));
      });

      it(`prints the help of ${name} before any installation`, () => {
        const { status, stdout, stderr } = runIn(project, name, '--help');
        assert.ok(stdout.startsWith(commands[name as keyof typeof commands].summary), stdout);
        assert.match(stdout, /^ {2}--help +prints this$/m);
        assert.deepEqual({ status, stderr, installed: installed(project) }, { ...silent, installed: [] });
      });
    }

    it('rejects unexpected arguments and an option without its value', () => {
      const cases: [string[], RegExp][] = [
        [['start', 'now'], /^Unexpected argument 'now'\. See `npm run start -- --help`\.\n$/],
        [['simulate', '--seeds'], /^Option '--seeds <value>' argument missing\. See .*\n$/],
      ];
      for (const [args, expected] of cases) {
        const { status, stderr } = runIn(project, ...args);
        assert.match(stderr, expected);
        assert.equal(status, 2);
      }
    });

    it('installs missing packages once, reports their size, and passes the arguments on', () => {
      const { status, stdout, stderr } = runIn(project, 'check', '--list', 'lint');
      assert.deepEqual({ status, stdout }, { status: 3, stdout: 'check --list lint\n' });
      assert.match(stderr, /^Installing 1 packages, about \d+ MB \(the first time only\)\.\n/);
      assert.deepEqual(installed(project), ['.']);
      runIn(project, 'check');
      assert.deepEqual(installed(project), ['.']);
    });

    it('installs the additional packages of the benchmarks for them only', () => {
      runIn(project, 'bench', '--json');
      assert.deepEqual(installed(project), ['.', 'bench', 'bench/peers/langgraph']);
      runIn(project, 'bench', '--json');
      assert.equal(installed(project).length, 3);
    });

    it('installs again after a change of the lock file', () => {
      runIn(project, 'bench');
      const changes = {
        'another version': { 'node_modules/a': { version: '2.0.0', integrity: 'sha512-a' } },
        'other content': { 'node_modules/a': { version: '2.0.0', integrity: 'sha512-b' } },
        'another package': { 'node_modules/a/node_modules/b': { version: '1.0.0', integrity: 'sha512-a' } },
      };
      for (const [change, packages] of Object.entries(changes)) {
        writeLock(project, 'bench', packages);
        const before = installed(project);
        runIn(project, 'check');
        assert.deepEqual(installed(project), before, change);
        assert.match(
          runIn(project, 'bench').stderr,
          /^Installing \d .* again, because they are not those of the lock file/,
        );
        assert.deepEqual(installed(project), [...before, 'bench'], change);
      }
    });

    it('accepts missing optional packages of other systems', () => {
      runIn(project, 'check');
      writeLock(project, '.', {
        'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
        'node_modules/for-windows': { version: '1.0.0', integrity: 'sha512-b', optional: true },
      });
      runIn(project, 'check');
      assert.deepEqual(installed(project), ['.']);
    });

    it('stops when npm fails, and prints its output', () => {
      project.writeCommand('bin/npm', 'echo no such package; echo in no registry >&2; exit 1');
      const { status, stdout, stderr } = runIn(project, 'check');
      assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
      assert.match(
        stderr,
        /^Installing 1 packages.*\n(no such package\nin no registry|in no registry\nno such package)\n\nnpm ci failed in /,
      );
    });

    it('installs once for two parallel commands', async () => {
      slowDown(project);
      const first = startIn(project, 'check');
      await first.printed('Installing 1 packages');
      const second = startIn(project, 'check');
      await second.printed('Another command is installing the packages: waiting for it.');
      project.write('go-on', '');
      assert.deepEqual([await first.code, await second.code], [3, 3]);
      assert.deepEqual(installed(project), ['.']);
    });

    it('stops npm and itself on SIGTERM, and leaves no process', async () => {
      slowDown(project);
      const command = startIn(project, 'check');
      await command.printed('Installing 1 packages');
      await until(() => installed(project).length === 1);
      command.child.kill('SIGTERM');
      assert.equal(await command.code, 143);
      await until(() => processesWith(project.path).length === 0);
      assert.match(command.output(), /^Installing 1 packages.*\n$/);
    });

    it('rejects a start with a used port by its name and service, before any installation or build', async () => {
      const { emulators } = JSON.parse(readFileSync(join(project.path, 'firebase.json'), 'utf8'));
      const server = createServer().listen(emulators.hosting.port, '127.0.0.1');
      await once(server, 'listening');
      const start = startIn(project, 'start');
      assert.equal(await start.code, 1);
      assert.equal(
        start.output(),
        `Port ${emulators.hosting.port}, which the web page needs, is taken: stop the program that uses it ` +
          '(another `npm start`?), or set another emulators.hosting.port in firebase.json.\n',
      );
      assert.deepEqual(installed(project), []);
      server.close();
    });

    it('rejects a second start while the first one still installs or builds', async () => {
      slowDown(project);
      const first = startIn(project, 'start');
      await first.printed('Installing 1 packages');
      const { status, stderr } = runIn(project, 'start');
      assert.match(stderr, /^Another `npm start` of this folder .*\n$/);
      assert.equal(status, 1);
      first.child.kill('SIGKILL');
      await first.code;
      project.write('go-on', '');
      await until(() => processesWith(project.path).length === 0);
      assert.equal(runIn(project, 'start').status, 3, 'the killed one holds nothing');
    });
  });
});

const silent = { status: 0, stderr: '' };
const nothingDone = (status: number) => ({ status, stdout: '', installed: [] });

/** A project whose commands print what they were given and end with 3, and an npm that notes where it ran. */
const bareProject = async (): Promise<TemporaryFolder> => {
  const project = temporaryFolder();
  for (const [name, { script }] of Object.entries(commands)) {
    project.write(script, `console.log('${name}', ...process.argv.slice(2));\nprocess.exitCode = 3;\n`);
  }
  for (const file of ['bootstrap.cjs', 'bootstrap', 'commands.cjs', 'emulators/configured-ports.cjs']) {
    cpSync(join(tools, file), join(project.path, 'tools', file), { recursive: true });
  }
  const ports = await findFreePorts(portNames.length);
  const emulators: Record<string, { port?: number; websocketPort?: number }> = {};
  for (const name of portNames) {
    const port = ports.pop() ?? 0;
    if (name === 'websocket') emulators.firestore = { ...emulators.firestore, websocketPort: port };
    else emulators[name] = { port };
  }
  project.write('firebase.json', JSON.stringify({ emulators }));
  for (const folder of ['.', 'bench', 'bench/peers/langgraph']) {
    writeLock(project, folder, { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } });
  }
  writeNpm(project, 'true');
  return project;
};

/** As much of `npm ci` as matters here: its list of what it has installed, and the package `node`. */
const writeNpm = (project: TemporaryFolder, before: string): void => {
  const steps = [
    `echo "$PWD" >> '${project.path}/installed'`,
    before,
    'test "$1" = ci && mkdir -p node_modules/.bin && cp package-lock.json node_modules/.package-lock.json',
    `ln -sf '${process.execPath}' node_modules/.bin/node`,
  ];
  project.writeCommand('bin/npm', steps.join(' && '));
};

/** From now on npm waits until the project has a file `go-on`. */
const slowDown = (project: TemporaryFolder): void =>
  writeNpm(project, `while ! test -e '${project.path}/go-on'; do sleep 0.05; done`);

const writeLock = (project: TemporaryFolder, folder: string, packages: object): void => {
  project.write(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
};

/** The folders in which npm has run. */
const installed = (project: TemporaryFolder): string[] => {
  const list = join(project.path, 'installed');
  if (!existsSync(list)) return [];
  const folders = readFileSync(list, 'utf8').split('\n').slice(0, -1);
  return folders.map((folder) => relative(project.path, folder) || '.');
};

const argsIn = (project: TemporaryFolder, args: string[]) => [
  join(project.path, 'tools/bootstrap.cjs'),
  ...args,
];

const environmentIn = (project: TemporaryFolder) => ({
  ...process.env,
  TMPDIR: project.path,
  PATH: `${join(project.path, 'bin')}${delimiter}${process.env.PATH}`,
});

const runIn = (project: TemporaryFolder, ...args: string[]) =>
  spawnSync(process.execPath, argsIn(project, args), { encoding: 'utf8', env: environmentIn(project) });

const startIn = (project: TemporaryFolder, ...args: string[]) => {
  const child: ChildProcess = spawn(process.execPath, argsIn(project, args), { env: environmentIn(project) });
  let output = '';
  child.stderr?.on('data', (data) => {
    output += data;
  });
  const code = once(child, 'close').then(([exitCode]): unknown => exitCode);
  return { child, code, output: () => output, printed: (text: string) => until(() => output.includes(text)) };
};

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await delay(20);
};

const run = (args: string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' });
