import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { callHost, type SignedInUser } from 'kb-sessions-testing';
import { freePort } from 'kb-sessions-testing/internal/host/free-port';
import { hostEnvironment } from 'kb-sessions-testing/internal/host/host-environment';
import { NodeProcess } from 'kb-sessions-testing/internal/host/node-process';
import type { Target } from '../target.ts';

const run = promisify(execFile);
const testing = createRequire(join(import.meta.dirname, '../../packages/testing/package.json'));
const framework = join(testing.resolve('@google-cloud/functions-framework'), '../main.js');
const importProcess = join(import.meta.dirname, 'import-process.mjs');

/** One start from nothing. */
export interface ColdRun {
  readonly importMs: number;
  readonly importRss: number;
  /** From the start of the process to the first call's answer. */
  readonly answeredMs: number;
  readonly answeredRss: number;
}

export interface Services {
  readonly projectId: string;
  readonly firestore: string;
  readonly auth: string;
  readonly user: SignedInUser;
}

/** Loads the functions in a process, and serves a first call of a signed-in user in another. */
export async function runCold(target: Target, services: Services): Promise<ColdRun> {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    ...hostEnvironment({ port, ...services, params: target.params }),
  };
  const { stdout } = await run(process.execPath, [importProcess, join(target.source, target.main)], { env });
  const imported: { ms: number; rss: number } = JSON.parse(stdout);

  const began = performance.now();
  const args = [framework, `--source=${target.source}`, '--target=sessions', '--signature-type=http'];
  const host = new NodeProcess(args, env);
  try {
    const serving = host.waitForOutput('Serving function').then(() => true);
    if (!(await Promise.race([serving, host.exited.then(() => false)])))
      throw new Error(`${target.name} was to start, found it ended:\n${host.output}`);
    const { projectId, user } = services;
    const answer = await callHost({ address: `127.0.0.1:${port}`, projectId }, target.call, {}, user.idToken);
    if (answer.status !== 200) throw new Error(`${target.name} was to answer, found ${answer.text}`);
    const answeredMs = performance.now() - began;
    const { stdout: kilobytes } = await run('ps', ['-o', 'rss=', '-p', String(host.pid)]);
    return {
      importMs: imported.ms,
      importRss: imported.rss,
      answeredMs,
      answeredRss: Number(kilobytes) * 1024,
    };
  } finally {
    host.signal('SIGKILL');
    await host.exited;
  }
}
