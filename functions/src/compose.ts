import { randomInt } from 'node:crypto';
import { getApps, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { readConfig } from './config.ts';
import { Metrics } from './metrics.ts';
import { type FirestoreSetup, FirestoreStore, SessionManager } from './session/index.ts';

/** What an instance of a function works with. */
export type Instance = { setup: FirestoreSetup; sessions: SessionManager; metrics: Metrics };

let instance: Instance | undefined;

/** Built at the first request, once: while a deployment only loads the code, params have no values. */
export const theInstance = (): Instance => {
  instance ??= compose();
  return instance;
};

const compose = (): Instance => {
  const { database, limits, deadlineMs, ownersMayAnswer } = readConfig();
  const app = getApps()[0] ?? initializeApp();
  const setup: FirestoreSetup = {
    db: getFirestore(app, database),
    limits,
    deadlineMs,
    now: (readTime) => readTime.toMillis(),
    random: (below) => randomInt(below),
  };
  const sessions = new SessionManager({ store: new FirestoreStore(setup), ownersMayAnswer });
  return { setup, sessions, metrics: new Metrics() };
};
