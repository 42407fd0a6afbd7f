import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { suiteHost } from '../../emulators/configured-ports.cjs';
import { waitForFreePorts } from '../../emulators/ports.ts';
import { type Suite, startSuite } from '../../emulators/suite.ts';
import { fireSchedule } from '../../schedules.ts';
import { UserError } from '../../support/user-error.ts';
import { processesWith } from '../support/processes.ts';
import { type SmallProject, smallProject } from '../support/small-project.ts';

describe('startSuite()', function () {
  this.timeout(90_000);
  let project: SmallProject;
  let projectId: string;
  beforeEach(async () => {
    project = await smallProject();
    projectId = `demo-${randomUUID()}`;
  });
  afterEach(() => project[Symbol.dispose]());

  it('runs the emulators with its parameters and schedules, and leaves no process, port or file after stop()', async () => {
    const params = { GREETING: 'for "this" run' };
    const ticked = Promise.withResolvers<void>();
    const log = (line: string) => {
      if (line.includes('tick ran')) ticked.resolve();
    };
    const suite = await startSuite({ ports: 'free', root: project.path, projectId, params, log });
    assert.equal(await callGreeting(suite), params.GREETING);
    assert.equal(await (await fetch(`http://${suite.hosting}`)).text(), 'the page');
    await fireSchedule(suite, { name: 'tick', region: 'us-central1' });
    await ticked.promise;
    await assert.rejects(
      fireSchedule(suite, { name: 'tock', region: 'us-central1' }),
      /^Error: tock answered 404/,
    );
    assert.equal(javaProcesses(projectId).length, 1);

    await suite.stop();
    assert.deepEqual(processesWith(projectId), []);
    assert.deepEqual(await waitForFreePorts(portsOf(suite), 0), []);
    assert.equal(await suite.ended, null);
    assert.deepEqual(readdirSync(join(project.path, 'functions')).sort(), [
      '.env',
      'index.js',
      'node_modules',
      'package.json',
    ]);
  });

  it('stops the suite when its parent process is killed', async () => {
    const options = { ports: 'configured', root: project.path, projectId };
    const script = `
      const { startSuite } = await import(${JSON.stringify(join(import.meta.dirname, '../../emulators/suite.ts'))});
      await startSuite({ ...${JSON.stringify(options)}, log: () => undefined });
      console.log('ready');
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: parent.stdout }), 'line');
    assert.equal(line, 'ready');

    parent.kill('SIGKILL');
    assert.deepEqual(await waitForFreePorts(Object.values(project.ports), 20_000), []);
    await waitUntilGone(projectId);
  });

  it('stops with a reason when the Firestore emulator fails', async () => {
    const suite = await startSuite({ ports: 'free', root: project.path, projectId, log: () => undefined });
    for (const java of javaProcesses(projectId)) process.kill(Number.parseInt(java, 10), 'SIGKILL');
    const reason = await suite.ended;
    assert.match(String(reason?.message), /^The Firestore Emulator ended \(SIGKILL\)\.$/);
    assert.deepEqual(processesWith(projectId), []);
  });

  it('rejects functions that do not load in one sentence, and leaves no process', async () => {
    project.write('functions/index.js', 'throw new Error("no good")');
    const start = startSuite({ ports: 'free', root: project.path, projectId, log: () => undefined });
    await assert.rejects(start, isPlain(/^The functions could not be loaded: no good$/));
    assert.deepEqual(processesWith(projectId), []);
  });

  it('ends a start that is cancelled, and leaves nothing', async () => {
    const cancelled = Promise.withResolvers<void>();
    const log = (line: string) => {
      if (line.includes('Starting emulators')) cancelled.resolve();
    };
    const start = startSuite({
      ports: 'free',
      root: project.path,
      projectId,
      log,
      cancelled: cancelled.promise,
    });
    await assert.rejects(start, { name: 'InterruptedError' });
    assert.deepEqual(processesWith(projectId), []);
  });

  it('rejects a used port in one line that names it, before it starts a process', async () => {
    const server = createServer().listen(project.ports.hosting, suiteHost);
    await once(server, 'listening');
    const lines: string[] = [];
    const start = startSuite({
      ports: 'configured',
      root: project.path,
      projectId,
      log: (line) => lines.push(line),
    });
    const expected = new RegExp(
      `^Port ${project.ports.hosting}, which the web page needs, is taken: .*emulators\\.hosting\\.port[^\\n]*$`,
    );
    await assert.rejects(start, isPlain(expected));
    assert.deepEqual(lines, []);
    server.close();
  });
});

function javaProcesses(projectId: string): string[] {
  return processesWith(projectId).filter((line) => line.includes('--project_id'));
}

function isPlain(pattern: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, pattern);
    return true;
  };
}

async function callGreeting(suite: Suite): Promise<unknown> {
  const response = await fetch(`http://${suite.functions}/${suite.projectId}/us-central1/greeting`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: null }),
  });
  const { result } = await response.json();
  return result;
}

function portsOf(suite: Suite): number[] {
  return [suite.auth, suite.firestore, suite.functions, suite.hosting].map((address) =>
    Number(address.split(':')[1]),
  );
}

async function waitUntilGone(text: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (processesWith(text).length > 0) {
    assert.ok(Date.now() < deadline, `still running: ${processesWith(text).join('\n').slice(0, 500)}`);
    await delay(100);
  }
}
