import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { firebaseTools } from '../support/folders.ts';
import { UserError } from '../support/user-error.ts';
import { parseEmulatorLog } from './parse-emulator-log.ts';
import { PortTakenError } from './ports.ts';
import type { RunFolder } from './run-folder.ts';

/** The running firebase-tools. */
export type FirebaseProcess = {
  /** Resolves once every emulator answers. */
  ready: Promise<'ready'>;
  /** Rejects with one sentence when the suite cannot be used, before it was ready or later. */
  broken: Promise<never>;
  /** Ends firebase-tools and all that it started: first by request, then by force. */
  stop(): Promise<void>;
};

/** How to run firebase-tools. */
export type FirebaseProcessOptions = {
  projectId: string;
  folder: RunFolder;
  environment: NodeJS.ProcessEnv;
  onLine(line: string): void;
};

/** firebase-tools itself gives each emulator four seconds to end. */
const GRACE_MS = 10_000;

/** Starts `firebase emulators:start` in the folder of the run. */
export const runFirebase = (options: FirebaseProcessOptions): FirebaseProcess => {
  const { projectId, folder, environment, onLine } = options;
  const services = 'auth,functions,firestore,hosting';
  const child = spawn(
    process.execPath,
    [firebaseTools, 'emulators:start', '--project', projectId, '--only', services, '--non-interactive'],
    { cwd: folder.path, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const ready = Promise.withResolvers<'ready'>();
  const broken = Promise.withResolvers<never>();
  // The rejection reaches those who await `broken`. It is no error when nobody does any more.
  broken.promise.catch(() => undefined);

  let isUp = false;
  let hint = '';
  const read = (line: string) => {
    onLine(line);
    const event = parseEmulatorLog(line);
    if (event.kind === 'ready') {
      isUp = true;
      ready.resolve('ready');
    }
    if (event.kind === 'port-taken' && !isUp) broken.reject(new PortTakenError(event.message));
    if (event.kind === 'dead' || (event.kind === 'not-starting' && !isUp))
      broken.reject(new UserError(event.message));
    if (event.kind === 'hint') hint = `: ${event.message}`;
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
      const force = setTimeout(() => killGroup(child.pid), GRACE_MS);
      await exited;
      clearTimeout(force);
      killGroup(child.pid);
      killGroup(readPid(folder.javaPid));
      await reported;
    },
  };
};

const readLines = async (stream: Readable, read: (line: string) => void): Promise<void> => {
  for await (const line of createInterface({ input: stream })) read(line);
};

// The processes of the functions are in the group of firebase-tools. java leads a group of its own.
const killGroup = (leader: number | undefined): void => {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

const readPid = (file: string): number | undefined =>
  existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
