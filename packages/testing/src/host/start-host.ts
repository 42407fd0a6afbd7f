import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { freePort } from './free-port.ts';
import { hostEnvironment, TARGET } from './host-environment.ts';
import { NodeProcess } from './node-process.ts';
import { withTimeout } from './with-timeout.ts';

const functionsFolder = fileURLToPath(new URL('../../../../functions/', import.meta.url));
const framework = join(
  createRequire(import.meta.url).resolve('@google-cloud/functions-framework'),
  '../main.js',
);
const START_DEADLINE_MS = 30_000;
/** What Cloud Run gives an instance between SIGTERM and SIGKILL. */
const STOP_DEADLINE_MS = 10_000;

export type HostOptions = {
  /** `host:port` of Firestore: usually the proxy. */
  firestore: string;
  /** `host:port` of the Auth emulator. */
  auth: string;
  projectId: string;
  /** Params that differ from the functions' .env file. */
  params?: Record<string, string>;
  /** The folder of the built functions package; the repository's own by default. */
  source?: string;
};

/** The grouped callables in a process of their own, like one instance on Cloud Run. */
export type Host = {
  /** `host:port`. Firebase clients reach it with `connectFunctionsEmulator(functions, host, port)`. */
  address: string;
  projectId: string;
  /** Ends the instance as Cloud Run does: SIGTERM, then SIGKILL if it is still there 10 s later. */
  stop(): Promise<void>;
  /** Ends the instance at once, in the middle of whatever it does. */
  kill(): void;
  /** What it has written to stdout and stderr so far. */
  output(): string;
};

/**
 * Starts the built functions under functions-framework on a free port of this machine and resolves when they answer.
 * Rejects with their output if they do not come up within 30 s.
 */
export const startHost = async (options: HostOptions): Promise<Host> => {
  const { firestore, auth, projectId, source = functionsFolder } = options;
  const port = await freePort();
  const params = { ...(await readParams(source)), ...options.params };
  const instance = new NodeProcess(
    [framework, `--source=${source}`, `--target=${TARGET}`, '--signature-type=http'],
    { ...inheritedEnvironment(), ...hostEnvironment({ port, projectId, firestore, auth, params }) },
    // Where the runner of the tests searches all that hosts have written.
    process.env.KB_HOST_OUTPUT,
  );
  const address = `127.0.0.1:${port}`;

  try {
    const started = instance.waitForOutput('Serving function').then(() => isServing(address));
    const up = await withTimeout(
      START_DEADLINE_MS,
      Promise.race([started, instance.exited.then(() => false)]),
    );
    if (!up) throw new Error('no answer');
  } catch (cause) {
    instance.signal('SIGKILL');
    await instance.exited;
    throw new Error(`start of the functions in ${source} failed:\n${instance.output}`, { cause });
  }

  return {
    address,
    projectId,
    async stop() {
      instance.signal('SIGTERM');
      await withTimeout(STOP_DEADLINE_MS, instance.exited);
      instance.signal('SIGKILL');
      await instance.exited;
    },
    kill: () => instance.signal('SIGKILL'),
    output: () => instance.output,
  };
};

const readParams = async (source: string): Promise<NodeJS.Dict<string>> =>
  parseEnv(await readFile(join(source, '.env'), 'utf8'));

/** What this process's environment means to any Node process; the rest could pass for params or for other emulators. */
const inheritedEnvironment = (): NodeJS.ProcessEnv => {
  const { PATH, NODE_V8_COVERAGE } = process.env;
  return { PATH, ...(NODE_V8_COVERAGE && { NODE_V8_COVERAGE }) };
};

/** The framework itself answers this path, so that no function runs. */
const isServing = async (address: string): Promise<boolean> => {
  const { status } = await fetch(`http://${address}/robots.txt`);
  return status === 404;
};
