import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { portNames } from '../../emulators/configured-ports.cjs';
import { findFreePorts } from '../../emulators/ports.ts';
import { makePorts, type SuitePorts } from '../../emulators/suite-config.ts';
import { projectRoot } from '../../support/folders.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

/** A Firebase project of its own with two small functions, to run the suite on. */
export interface SmallProject extends TemporaryFolder {
  /** The ports that its firebase.json names. */
  readonly ports: SuitePorts;
}

const functions = `
import { onCall } from 'firebase-functions/https';
import { onSchedule } from 'firebase-functions/scheduler';
export const greeting = onCall(() => process.env.GREETING);
export const tick = onSchedule('*/5 * * * *', () => console.log('tick ran'));
`;

export async function smallProject(): Promise<SmallProject> {
  const folder = temporaryFolder();
  const free = await findFreePorts(portNames.length);
  const ports = makePorts(() => free.pop() ?? 0);
  const config = {
    functions: [{ source: 'functions', codebase: 'small', runtime: 'nodejs24' }],
    firestore: { rules: 'firestore.rules' },
    hosting: { public: 'public' },
    emulators: {
      ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, { port }])),
      firestore: { port: ports.firestore, websocketPort: ports.websocket },
    },
  };
  const dependencies = { 'firebase-functions': '*', 'firebase-admin': '*' };
  folder.write('firebase.json', JSON.stringify(config));
  folder.write('firestore.rules', 'service cloud.firestore {}');
  folder.write('public/index.html', 'the page');
  folder.write('functions/package.json', JSON.stringify({ type: 'module', main: 'index.js', dependencies }));
  folder.write('functions/index.js', functions);
  folder.write('functions/.env', 'GREETING=committed\n');
  symlinkSync(join(projectRoot, 'node_modules'), join(folder.path, 'functions/node_modules'));
  return { ...folder, ports };
}
