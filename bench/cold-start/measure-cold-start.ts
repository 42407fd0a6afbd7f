import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { callHost, type SignedInUser } from 'kb-sessions-testing';
import { freePort } from 'kb-sessions-testing/internal/host/free-port';
import { hostEnvironment } from 'kb-sessions-testing/internal/host/host-environment';
import { NodeProcess } from 'kb-sessions-testing/internal/host/node-process';
import type { FunctionBuild } from '../function-builds.ts';

const run = promisify(execFile);
const testing = createRequire(join(import.meta.dirname, '../../packages/testing/package.json'));
const framework = join(testing.resolve('@google-cloud/functions-framework'), '../main.js');
const importProcess = join(import.meta.dirname, 'import-process.mjs');

/** Times in milliseconds and resident memory in bytes. */
export type ColdStart = {
  importMs: number;
  importRss: number;
  /** The time from the start of the process to the answer of the first call. */
  answeredMs: number;
  answeredRss: number;
};

type Services = { projectId: string; firestore: string; auth: string; user: SignedInUser };

/** Loads the functions in one process, and serves the first call of a signed-in user in another. */
export const measureColdStart = async (build: FunctionBuild, services: Services): Promise<ColdStart> => {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    ...hostEnvironment({ port, ...services, params: build.params }),
  };
  const { stdout } = await run(process.execPath, [importProcess, join(build.source, build.main)], { env });
  const imported: { ms: number; rss: number } = JSON.parse(stdout);

  const startedAt = performance.now();
  const args = [framework, `--source=${build.source}`, '--target=sessions', '--signature-type=http'];
  const host = new NodeProcess(args, env);
  try {
    const serving = host.waitForOutput('Serving function').then(() => true);
    if (!(await Promise.race([serving, host.exited.then(() => false)])))
      throw new Error(`${build.name} must start, found it ended:\n${host.output}`);
    const { projectId, user } = services;
    const answer = await callHost({ address: `127.0.0.1:${port}`, projectId }, build.call, {}, user.idToken);
    if (answer.status !== 200) throw new Error(`${build.name} must answer, found ${answer.text}`);
    const answeredMs = performance.now() - startedAt;
    const { stdout: kilobytes } = await run('ps', ['-o', 'rss=', '-p', String(host.pid)]);
    const answeredRss = Number(kilobytes) * 1024;
    return { importMs: imported.ms, importRss: imported.rss, answeredMs, answeredRss };
  } finally {
    host.signal('SIGKILL');
    await host.exited;
  }
};
