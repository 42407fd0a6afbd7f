import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { firebaseTools } from '../support/folders.ts';
import { UserError } from '../support/user-error.ts';
import { parseEmulatorLog } from './parse-emulator-log.ts';
import type { RunFolder } from './run-folder.ts';

/** The running firebase-tools. */
export interface FirebaseProcess {
  /** Resolves once every emulator answers. */
  readonly ready: Promise<'ready'>;
  /** Rejects with one sentence when the suite cannot be used, before it was ready or later. */
  readonly broken: Promise<never>;
  /** Ends firebase-tools and all it started: first by asking, then by force. */
  stop(): Promise<void>;
}

/** How to run firebase-tools. */
export interface FirebaseProcessOptions {
  readonly projectId: string;
  readonly folder: RunFolder;
  readonly environment: NodeJS.ProcessEnv;
  onLine(line: string): void;
}

// firebase-tools itself gives each emulator four seconds to end.
const gracefulMs = 10_000;

/** Starts `firebase emulators:start` in the run's folder. */
export function runFirebase(options: FirebaseProcessOptions): FirebaseProcess {
  const { projectId, folder, environment, onLine } = options;
  const services = 'auth,functions,firestore,hosting';
  const child = spawn(
    process.execPath,
    [firebaseTools, 'emulators:start', '--project', projectId, '--only', services, '--non-interactive'],
    { cwd: folder.path, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const ready = Promise.withResolvers<'ready'>();
  const broken = Promise.withResolvers<never>();
  // Whoever waits on `broken` hears of it; nobody waiting any more is no error.
  broken.promise.catch(() => undefined);

  let up = false;
  let hint = '';
  const read = (line: string) => {
    onLine(line);
    const news = parseEmulatorLog(line);
    if (news.kind === 'ready') {
      up = true;
      ready.resolve('ready');
    }
    if (news.kind === 'dead' || (news.kind === 'not-starting' && !up))
      broken.reject(new UserError(news.message));
    if (news.kind === 'hint') hint = `: ${news.message}`;
  };
  const exited = once(child, 'exit');
  const closed = Promise.all([exited, readLines(child.stdout, read), readLines(child.stderr, read)]);
  const reported = closed.then(([[code, signal]]) => {
    broken.reject(new UserError(`firebase-tools ended (${signal ?? `exit code ${code}`})${hint}`));
  });

  return {
    ready: ready.promise,
    broken: broken.promise,
    stop: async () => {
      child.kill('SIGINT');
      const force = setTimeout(() => killGroup(child.pid), gracefulMs);
      await exited;
      clearTimeout(force);
      killGroup(child.pid);
      killGroup(readPid(folder.javaPid));
      await reported;
    },
  };
}

async function readLines(stream: Readable, read: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream })) read(line);
}

// The functions' processes are in firebase-tools' group; java leads a group of its own.
function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function readPid(file: string): number | undefined {
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}
