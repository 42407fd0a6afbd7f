import { randomInt } from 'node:crypto';
import { getApps, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import * as logger from 'firebase-functions/logger';
import { readConfig } from './config.ts';
import { Metrics } from './metrics.ts';
import {
  type FirestoreSetup,
  FirestoreStore,
  GuardedStore,
  type GuardState,
  SessionManager,
} from './session/index.ts';

/** What an instance of a function works with. */
export type Instance = {
  setup: FirestoreSetup;
  primary: GuardedStore;
  sessions: SessionManager;
  metrics: Metrics;
};

let instance: Instance | undefined;

/** Built at the first request, once: while a deployment only loads the code, params have no values. */
export const theInstance = (): Instance => {
  instance ??= compose();
  return instance;
};

const compose = (): Instance => {
  const { database, limits, deadlineMs, breaker, ownersMayAnswer } = readConfig();
  const app = getApps()[0] ?? initializeApp();
  const setup: FirestoreSetup = {
    db: getFirestore(app, database),
    limits,
    deadlineMs,
    now: (readTime) => readTime.toMillis(),
    random: (below) => randomInt(below),
  };
  const primary = new GuardedStore(new FirestoreStore(setup), { ...breaker, onChange: logChange });
  const sessions = new SessionManager({ store: primary, ownersMayAnswer });
  return { setup, primary, sessions, metrics: new Metrics() };
};

const logChange = (breaker: GuardState): void => {
  if (breaker === 'open') logger.write({ severity: 'ERROR', message: 'firestore.unavailable', breaker });
  if (breaker === 'closed') logger.write({ severity: 'NOTICE', message: 'firestore.available', breaker });
};
