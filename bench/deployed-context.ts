import { randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadEnvFile } from 'node:process';
import { CLIENT_SETTINGS, type FirestoreContext } from 'kb-sessions/firestore';
import { type Config, readConfig } from '../functions/src/config/config.ts';

const functions = join(import.meta.dirname, '../functions');
// Firestore recognizes its values by their class, so the client must be the one that the functions use. The packages of
// bench install another copy.
const admin: typeof import('../node_modules/firebase-admin/lib/firestore/index.js') = createRequire(
  join(functions, 'package.json'),
)('firebase-admin/firestore');

export const { AggregateField } = admin;

/** Creates a Firestore client and its context with the deployed params, as functions/src/services.ts does. */
export const deployedContext = (projectId: string): { context: FirestoreContext; config: Config } => {
  loadEnvFile(join(functions, '.env'));
  const config = readConfig();
  const { limits, deadlineMs } = config;
  const db = new admin.Firestore({ projectId });
  db.settings(CLIENT_SETTINGS);
  const context: FirestoreContext = {
    db,
    limits,
    deadlineMs,
    now: (readTime) => readTime.toMillis(),
    random: (below) => randomInt(below),
  };
  return { context, config };
};
