import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../support/is-object.ts';
import { explain, UserError } from '../support/user-error.ts';
import { describeTakenPort, portNames, suiteHost } from './configured-ports.cjs';
import { type FoundEmulator, findEmulator } from './find-emulator.ts';
import { firebaseEnvironment } from './firebase-environment.ts';
import { runFirebase } from './firebase-process.ts';
import { PortTakenError, waitForFreePorts, withFreePorts } from './ports.ts';
import { makeRunFolder } from './run-folder.ts';
import {
  configuredPorts,
  type FirebaseConfig,
  makePorts,
  type SuitePorts,
  suiteConfig,
} from './suite-config.ts';
import type { SuiteAddresses, SuiteRequest, SupervisorMessage } from './supervisor-protocol.ts';

// The supervisor is a process in a session of its own. It starts the suite, and stops it on request, and when the process
// that started the supervisor has ended in any way.

const PORTS_FREE_WITHIN_MS = 10_000;

const released = Promise.withResolvers<'released'>();
const release = () => released.resolve('released');

const supervise = async (request: SuiteRequest): Promise<void> => {
  const emulator = await findEmulator(process.env);
  if (emulator.plan.kind === 'firebase-tools' && emulator.plan.downloads) {
    send({ kind: 'line', line: 'firebase-tools downloads the Firestore emulator (130 MB, once)' });
  }
  const config = readConfig(request.root);
  if (request.ports === 'configured') {
    const taken = await describeTakenPort(config);
    if (taken !== null) throw new UserError(taken);
    return runSuite(request, emulator, config, configuredPorts(config));
  }
  await withFreePorts(portNames.length, (free) =>
    runSuite(
      request,
      emulator,
      config,
      makePorts(() => free.pop() ?? 0),
    ),
  );
};

const runSuite = async (
  { root, ports: kind, projectId, params }: SuiteRequest,
  emulator: FoundEmulator,
  config: FirebaseConfig,
  ports: SuitePorts,
): Promise<void> => {
  const folder = makeRunFolder({
    projectRoot: root,
    config: suiteConfig(config, ports, suiteHost),
    // A developer's .env.local is for the suite that is started by hand. Tests take the committed values.
    envFiles: kind === 'configured' ? ['.env', '.env.local'] : ['.env'],
    params,
  });
  let isPortTaken = false;
  try {
    const firebase = runFirebase({
      projectId,
      folder,
      environment: firebaseEnvironment(process.env, emulator, folder),
      onLine: (line) => send({ kind: 'line', line }),
    });
    try {
      const first = await Promise.race([firebase.ready, firebase.broken, released.promise]);
      if (first === 'ready') send({ kind: 'ready', addresses: addressesOf(ports) });
      await Promise.race([firebase.broken, released.promise]);
    } catch (error) {
      isPortTaken = error instanceof PortTakenError;
      throw error;
    } finally {
      await firebase.stop();
    }
  } finally {
    folder.remove();
    // A port that another process has taken stays taken.
    const left = isPortTaken ? [] : await waitForFreePorts(Object.values(ports), PORTS_FREE_WITHIN_MS);
    if (left.length > 0) fail(new UserError(`The suite has ended, but it left ports: ${left.join(', ')}`));
  }
};

const readConfig = (root: string): FirebaseConfig => {
  const config: unknown = JSON.parse(readFileSync(join(root, 'firebase.json'), 'utf8'));
  if (!isObject(config)) throw new Error('firebase.json must hold an object');
  return config;
};

const addressesOf = (ports: SuitePorts): SuiteAddresses => ({
  auth: `${suiteHost}:${ports.auth}`,
  firestore: `${suiteHost}:${ports.firestore}`,
  functions: `${suiteHost}:${ports.functions}`,
  hosting: `${suiteHost}:${ports.hosting}`,
});

const send = (message: SupervisorMessage): void => {
  if (process.connected) process.send?.(message);
};

const fail = (error: unknown): void => {
  send({ kind: 'failed', message: explain(error) });
  process.exitCode = 1;
};

process.once('message', release);
process.once('disconnect', release);
process.once('SIGTERM', release);
process.once('uncaughtException', (error) => {
  fail(error);
  release();
});

try {
  await supervise(JSON.parse(process.argv[2] ?? ''));
} catch (error) {
  fail(error);
}
if (process.connected) process.disconnect();
