import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../support/is-object.ts';
import { explain, UserError } from '../support/user-error.ts';
import { describeTakenPort, portNames, suiteHost } from './configured-ports.cjs';
import { findTools } from './find-emulator.ts';
import { firebaseEnvironment } from './firebase-environment.ts';
import { runFirebase } from './firebase-process.ts';
import { planEmulator } from './plan-emulator.ts';
import { findFreePorts, waitForFreePorts } from './ports.ts';
import { makeRunFolder } from './run-folder.ts';
import {
  configuredPorts,
  type FirebaseConfig,
  makePorts,
  type SuitePorts,
  suiteConfig,
} from './suite-config.ts';
import type { SuiteOrder, SupervisorMessage } from './supervisor-protocol.ts';

// The keeper is a process of its own, in its own session: it starts the suite and takes it down again, when it is
// told to and when the process that started it is gone, however that ended.

const portsFreeWithinMs = 10_000;

const released = Promise.withResolvers<'released'>();
const release = () => released.resolve('released');
process.once('message', release);
process.once('disconnect', release);
process.once('SIGTERM', release);
process.once('uncaughtException', (error) => {
  tell({ kind: 'failed', message: explain(error) });
  process.exitCode = 1;
  release();
});

try {
  await keep(readOrder(process.argv[2]));
} catch (error) {
  tell({ kind: 'failed', message: explain(error) });
  process.exitCode = 1;
}
if (process.connected) process.disconnect();

async function keep(order: SuiteOrder): Promise<void> {
  const tools = await findTools(process.env);
  const plan = planEmulator(tools);
  if (plan.kind === 'none' || tools.javaPath === null) {
    throw new UserError(plan.kind === 'none' ? plan.advice : 'No Java found');
  }
  if (plan.kind === 'firebase-tools' && plan.downloads) {
    tell({ kind: 'line', line: 'firebase-tools downloads the Firestore emulator (130 MB, once)' });
  }
  const config = readConfig(order.root);
  const ports = order.ports === 'free' ? await pickPorts() : configuredPorts(config);
  const taken = order.ports === 'configured' ? await describeTakenPort(config) : null;
  if (taken !== null) throw new UserError(taken);

  const folder = makeRunFolder({
    projectRoot: order.root,
    config: suiteConfig(config, ports, suiteHost),
    // What a developer keeps in .env.local is for the suite that is run by hand; tests take the committed values.
    envFiles: order.ports === 'configured' ? ['.env', '.env.local'] : ['.env'],
    params: order.params,
  });
  try {
    const firebase = runFirebase({
      projectId: order.projectId,
      folder,
      environment: firebaseEnvironment(process.env, plan, tools.javaPath, folder),
      onLine: (line) => tell({ kind: 'line', line }),
    });
    try {
      const first = await Promise.race([firebase.ready, firebase.broken, released.promise]);
      if (first === 'ready') tell({ kind: 'ready', addresses: addresses(ports) });
      await Promise.race([firebase.broken, released.promise]);
    } catch (error) {
      tell({ kind: 'failed', message: explain(error) });
    } finally {
      await firebase.stop();
    }
  } finally {
    folder.remove();
  }
  const left = await waitForFreePorts(Object.values(ports), portsFreeWithinMs);
  if (left.length > 0)
    throw new UserError(`The suite was stopped, but these ports are still taken: ${left.join(', ')}`);
}

function readOrder(json: string | undefined): SuiteOrder {
  return JSON.parse(json ?? '');
}

function readConfig(root: string): FirebaseConfig {
  const config: unknown = JSON.parse(readFileSync(join(root, 'firebase.json'), 'utf8'));
  if (!isObject(config)) throw new Error('firebase.json must hold an object');
  return config;
}

async function pickPorts(): Promise<SuitePorts> {
  const free = await findFreePorts(portNames.length);
  return makePorts(() => free.pop() ?? 0);
}

function addresses(ports: SuitePorts) {
  return {
    auth: `${suiteHost}:${ports.auth}`,
    firestore: `${suiteHost}:${ports.firestore}`,
    functions: `${suiteHost}:${ports.functions}`,
    hosting: `${suiteHost}:${ports.hosting}`,
  };
}

function tell(message: SupervisorMessage): void {
  if (process.connected) process.send?.(message);
}
