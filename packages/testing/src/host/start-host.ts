import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { withFreePort } from './free-port.ts';
import { hostEnvironment, TARGET } from './host-environment.ts';
import { NodeProcess } from './node-process.ts';
import { withTimeout } from './with-timeout.ts';

const functionsFolder = fileURLToPath(new URL('../../../../functions/', import.meta.url));
const framework = join(
  createRequire(import.meta.url).resolve('@google-cloud/functions-framework'),
  '../main.js',
);
const START_DEADLINE_MS = 60_000;
/** The time between SIGTERM and SIGKILL on Cloud Run. */
const STOP_DEADLINE_MS = 10_000;

export type HostOptions = {
  /** The address of Firestore, usually of the proxy, as `host:port`. */
  firestore: string;
  /** The address of the Auth emulator, as `host:port`. */
  auth: string;
  projectId: string;
  /** The params that differ from the .env file of the functions. */
  params?: Record<string, string>;
  /** The folder of the built functions; by default that of the repository. */
  source?: string;
};

/** A process with the function `sessions`, like one instance on Cloud Run. */
export type Host = {
  /** `host:port`. Firebase clients connect to it with `connectFunctionsEmulator(functions, host, port)`. */
  address: string;
  projectId: string;
  /** The id of the process. */
  pid: number | undefined;
  /** Ends the instance as Cloud Run does: by SIGTERM, and by SIGKILL if it still runs 10 s later. */
  stop(): Promise<void>;
  /** Ends the instance at once, by SIGKILL. */
  kill(): void;
  /** Returns its output so far, of stdout and stderr. */
  output(): string;
};

/**
 * Starts the built functions under functions-framework on a free port of 127.0.0.1, and resolves when they serve.
 * @throws Error with their output if they do not serve within a minute
 */
export const startHost = async ({ source = functionsFolder, ...options }: HostOptions): Promise<Host> => {
  const params = { ...(await readParams(source)), ...options.params };
  return withFreePort((port) => startOnPort(port, { ...options, source, params }));
};

const startOnPort = async (
  port: number,
  {
    firestore,
    auth,
    projectId,
    source,
    params,
  }: Required<Omit<HostOptions, 'params'>> & {
    params: NodeJS.Dict<string>;
  },
): Promise<Host> => {
  const child = new NodeProcess(
    [framework, `--source=${source}`, `--target=${TARGET}`, '--signature-type=http'],
    { ...inheritedEnvironment(), ...hostEnvironment({ port, projectId, firestore, auth, params }) },
    // The test runner searches the output of all hosts for personal data.
    process.env.KB_HOST_OUTPUT,
  );
  const address = `127.0.0.1:${port}`;

  try {
    const started = child.waitForOutput('Serving function').then(() => isServing(address));
    const isStarted = await withTimeout(
      START_DEADLINE_MS,
      Promise.race([started, child.exited.then(() => false)]),
    );
    if (!isStarted) throw new Error('no answer');
  } catch (cause) {
    child.signal('SIGKILL');
    await child.exited;
    throw new Error(`start of the functions in ${source} failed:\n${child.output}`, { cause });
  }

  return {
    address,
    projectId,
    pid: child.pid,
    async stop() {
      child.signal('SIGTERM');
      await withTimeout(STOP_DEADLINE_MS, child.exited);
      child.signal('SIGKILL');
      await child.exited;
    },
    kill: () => child.signal('SIGKILL'),
    output: () => child.output,
  };
};

const readParams = async (source: string): Promise<NodeJS.Dict<string>> =>
  parseEnv(await readFile(join(source, '.env'), 'utf8'));

/** The inherited environment. Other variables could be read as params or as addresses of other emulators. */
const inheritedEnvironment = (): NodeJS.ProcessEnv => {
  const { PATH, NODE_V8_COVERAGE } = process.env;
  return { PATH, ...(NODE_V8_COVERAGE && { NODE_V8_COVERAGE }) };
};

/** Whether the host answers. The framework answers this path itself, without the function. */
const isServing = async (address: string): Promise<boolean> => {
  const { status } = await fetch(`http://${address}/robots.txt`);
  return status === 404;
};
