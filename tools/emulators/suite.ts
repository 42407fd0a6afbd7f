import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { projectRoot } from '../support/folders.ts';
import { InterruptedError, UserError } from '../support/user-error.ts';
import type { SuiteAddresses, SuiteRequest, SupervisorMessage } from './supervisor-protocol.ts';

/** How to run the suite. */
export type SuiteOptions = {
  /** The ports of firebase.json, or any free ones, so that runs do not disturb each other. */
  ports: 'configured' | 'free';
  /** Must start with `demo-`. @default demo-kb-sessions */
  projectId?: string;
  /** Params of the functions for this run, which override those of functions/.env. */
  params?: Readonly<Record<string, string>>;
  /** The folder with firebase.json. @default this project */
  root?: string;
  /** Receives each line that firebase-tools prints. */
  log(line: string): void;
  /** Once it resolves, a start that is under way ends with an {@link InterruptedError}. */
  cancelled?: Promise<unknown>;
};

/** The running emulators of Auth, Firestore, Functions and Hosting. The addresses are `host:port`. */
export type Suite = SuiteAddresses & {
  projectId: string;
  /** Milliseconds from the start until every emulator answered. */
  readyMs: number;
  /** Resolves when the suite has ended: with the reason if it ended by itself, with null after {@link stop}. */
  ended: Promise<UserError | null>;
  /** Ends the suite. When it resolves, no process and no port of the suite is left; it rejects where one is. */
  stop(): Promise<void>;
};

/**
 * Starts firebase-tools with the emulators and resolves when they answer. When this process ends without
 * {@link Suite.stop}, in any way, the suite ends a moment later.
 * @throws UserError where the emulators do not start
 */
export const startSuite = async (options: SuiteOptions): Promise<Suite> => {
  const startedAt = performance.now();
  const request: SuiteRequest = {
    root: options.root ?? projectRoot,
    ports: options.ports,
    projectId: options.projectId ?? 'demo-kb-sessions',
    params: options.params ?? {},
  };
  const supervisor = fork(join(import.meta.dirname, 'supervisor.ts'), [JSON.stringify(request)], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    env: withoutCoverage(process.env),
  });

  let failure: UserError | null = null;
  const ready = Promise.withResolvers<SuiteAddresses>();
  supervisor.on('message', (message: SupervisorMessage) => {
    if (message.kind === 'line') options.log(message.line);
    if (message.kind === 'ready') ready.resolve(message.addresses);
    if (message.kind === 'failed') failure = new UserError(message.message);
  });
  const ended = once(supervisor, 'exit').then(() => failure);
  const requestStop = () => {
    if (supervisor.connected) supervisor.send('stop');
  };

  const cancelled = options.cancelled?.then(() => 'cancelled' as const) ?? new Promise<never>(() => {});
  const addresses = await Promise.race([ready.promise, ended, cancelled]);
  if (addresses === 'cancelled') {
    requestStop();
    await ended;
    throw new InterruptedError();
  }
  if (addresses === null) throw new UserError('The emulators were stopped before they were ready.');
  if (addresses instanceof UserError) throw addresses;
  return {
    ...addresses,
    projectId: request.projectId,
    readyMs: performance.now() - startedAt,
    ended,
    stop: async () => {
      requestStop();
      const problem = await ended;
      if (problem !== null) throw problem;
    },
  };
};

// A coverage run does not measure the supervisor and the emulators.
const withoutCoverage = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const { NODE_V8_COVERAGE: _, ...rest } = environment;
  return rest;
};
