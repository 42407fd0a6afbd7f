import { randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadEnvFile } from 'node:process';
import { CLIENT_SETTINGS, type FirestoreContext, withSweepDeadline } from 'kb-sessions/firestore';
import { readConfig } from '../../functions/src/config/config.ts';

const functions = join(import.meta.dirname, '../../functions');
// Values for Firestore are recognised by their class, so the client has to be the one that the functions use.
const admin: typeof import('../../node_modules/firebase-admin/lib/firestore/index.js') = createRequire(
  join(functions, 'package.json'),
)('firebase-admin/firestore');

export const { AggregateField } = admin;

/** What the functions' jobs work with, put together as functions/src/services.ts does, with the deployed limits and patience. */
export function deployed(projectId: string): FirestoreContext {
  loadEnvFile(join(functions, '.env'));
  const { limits, deadlineMs } = readConfig();
  const db = new admin.Firestore({ projectId });
  db.settings(CLIENT_SETTINGS);
  return withSweepDeadline({
    db,
    limits,
    deadlineMs,
    now: (readTime) => readTime.toMillis(),
    random: (below) => randomInt(below),
  });
}
