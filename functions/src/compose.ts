import { randomInt } from 'node:crypto';
import { getApps, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import * as logger from 'firebase-functions/logger';
import { readConfig } from './config.ts';
import { Metrics } from './metrics.ts';
import {
  CLIENT_SETTINGS,
  FailoverStore,
  type FallbackEvent,
  type FirestoreSetup,
  FirestoreStore,
  GuardedStore,
  type GuardState,
  type Journal,
  type JournalBounds,
  MemoryJournal,
  openRedisJournal,
  ReadCache,
  SessionManager,
  type TierChange,
  TieredJournal,
} from './session/index.ts';

/** What an instance of a function works with. */
export type Instance = {
  setup: FirestoreSetup;
  primary: GuardedStore;
  store: FailoverStore;
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
  const { database, limits, deadlineMs, breaker, ownersMayAnswer, ...config } = readConfig();
  const app = getApps()[0] ?? initializeApp();
  const db = getFirestore(app, database);
  db.settings(CLIENT_SETTINGS);
  const setup: FirestoreSetup = {
    db,
    limits,
    deadlineMs,
    now: (readTime) => readTime.toMillis(),
    random: (below) => randomInt(below),
  };
  const cache = new ReadCache(config.cache);
  const firestore = new FirestoreStore(setup, (session) => cache.see(session));
  const primary = new GuardedStore(firestore, { ...breaker, onChange: logGuard });
  const { patienceMs, redisUrl, ...bounds } = config.journal;
  const own = new MemoryJournal(bounds);
  const store = new FailoverStore({
    primary,
    journal: redisUrl === null ? own : withRedis(redisUrl, bounds, own),
    cache,
    limits,
    clock: neverBack,
    patienceMs,
    onEvent: logFallback,
  });
  const sessions = new SessionManager({ store, ownersMayAnswer });
  return { setup, primary, store, sessions, metrics: new Metrics() };
};

const withRedis = (url: string, bounds: JournalBounds, own: Journal): Journal =>
  new TieredJournal({ shared: openRedisJournal(url, bounds), own, onChange: logTier });

/** The time of day as it was when the process began, and what has passed since: a clock that is set must not stop a replay. */
const neverBack = (): number => Math.round(performance.timeOrigin + performance.now());

const logGuard = (breaker: GuardState): void => {
  if (breaker === 'open') logger.write({ severity: 'ERROR', message: 'firestore.unavailable', breaker });
  if (breaker === 'closed') logger.write({ severity: 'NOTICE', message: 'firestore.available', breaker });
};

const logTier = (change: TierChange): void => {
  if (change.state === 'available') logger.write({ severity: 'NOTICE', message: 'redis.available' });
  else logger.write({ severity: 'ERROR', message: 'redis.unavailable', cause: String(change.cause) });
};

const SEVERITY = {
  activated: 'WARNING',
  full: 'ERROR',
  stalled: 'ERROR',
  refused: 'WARNING',
  replayed: 'NOTICE',
} as const;

const logFallback = ({ event, ...details }: FallbackEvent): void => {
  const cause = 'cause' in details ? { cause: String(details.cause) } : {};
  logger.write({ severity: SEVERITY[event], message: `fallback.${event}`, ...details, ...cause });
};
