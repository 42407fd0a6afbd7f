import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { projectRoot } from '../support/folders.ts';
import { UserError } from '../support/user-error.ts';
import type { SuiteAddresses, SuiteOrder, SupervisorMessage } from './supervisor-protocol.ts';

/** How to run the suite. */
export interface SuiteOptions {
  /** The ports that firebase.json names, or any free ones, so that runs do not meet. */
  readonly ports: 'configured' | 'free';
  /** Must start with `demo-`. @default demo-kb-sessions */
  readonly projectId?: string;
  /** Values of the functions' parameters for this run alone, over those of functions/.env. */
  readonly params?: Readonly<Record<string, string>>;
  /** The folder with firebase.json. @default this project */
  readonly root?: string;
  /** Receives each line that firebase-tools prints. */
  log(line: string): void;
}

/** A running suite of emulators: Auth, Firestore, Functions and Hosting; addresses are `host:port`. */
export interface Suite extends SuiteAddresses {
  readonly projectId: string;
  /** Milliseconds from the start until every emulator answered. */
  readonly readyMs: number;
  /** Resolves when the suite has ended: with the reason if it did so by itself, with null after {@link stop}. */
  readonly ended: Promise<UserError | null>;
  /** Ends the suite. When it resolves no process and no port of it is left; rejects if one is. */
  stop(): Promise<void>;
}

/**
 * Starts the real firebase-tools with the real emulators and waits until they answer.
 * Rejects with a {@link UserError} when they do not. If this process ends without {@link Suite.stop}, however
 * it ends, the suite ends too, a moment later.
 */
export async function startSuite(options: SuiteOptions): Promise<Suite> {
  const began = performance.now();
  const order: SuiteOrder = {
    root: options.root ?? projectRoot,
    ports: options.ports,
    projectId: options.projectId ?? 'demo-kb-sessions',
    params: options.params ?? {},
  };
  const keeper = fork(join(import.meta.dirname, 'supervisor.ts'), [JSON.stringify(order)], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    env: withoutCoverage(process.env),
  });

  let failure: UserError | null = null;
  const ready = Promise.withResolvers<SuiteAddresses>();
  keeper.on('message', (message: SupervisorMessage) => {
    if (message.kind === 'line') options.log(message.line);
    if (message.kind === 'ready') ready.resolve(message.addresses);
    if (message.kind === 'failed') failure = new UserError(message.message);
  });
  const ended = once(keeper, 'exit').then(() => failure);

  const addresses = await Promise.race([ready.promise, ended]);
  if (addresses === null) throw new UserError('The emulator suite was stopped before it was ready.');
  if (addresses instanceof UserError) throw addresses;
  return {
    ...addresses,
    projectId: order.projectId,
    readyMs: performance.now() - began,
    ended,
    stop: async () => {
      if (keeper.connected) keeper.send('stop');
      const problem = await ended;
      if (problem !== null) throw problem;
    },
  };
}

// The keeper and the emulators are no part of what a coverage run measures.
function withoutCoverage(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_V8_COVERAGE: _, ...rest } = environment;
  return rest;
}
