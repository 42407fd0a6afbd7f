import { randomInt } from 'node:crypto';
import { getApps, initializeApp } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { getFirestore } from 'firebase-admin/firestore';
import * as logger from 'firebase-functions/logger';
import { type Config, readConfig } from './config.ts';
import { hasher } from './hasher.ts';
import { Metrics } from './metrics.ts';
import { type RateLimit, rateLimit } from './rate-limits.ts';
import {
  CLIENT_SETTINGS,
  erasedSince,
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
  RedisConnection,
  type Session,
  SessionManager,
  type TierChange,
  TieredJournal,
} from './session/index.ts';
import { standing } from './standing.ts';
import { withoutText } from './without-text.ts';

/** What calls and jobs work with. */
export type Instance = {
  setup: FirestoreSetup;
  primary: GuardedStore;
  store: FailoverStore;
  sessions: SessionManager;
  metrics: Metrics;
  /** For the read cache: told each session that was read or written. */
  onSeen(session: Session): void;
};

/** An instance of a function: that, and what a call has to pass before. */
export type Serving = Instance & {
  rates: { address: RateLimit; user: RateLimit };
  trustedProxies: number;
  /** Fails where Firebase Auth no longer stands by an ID token. */
  standing(idToken: string): Promise<void>;
  /** What the log may have of an id. */
  hashed(id: string): string;
  log(line: logger.LogEntry): void;
};

let instance: Serving | undefined;

/** Built at the first request, once: while a deployment only loads the code, params have no values. */
export const theInstance = (): Serving => {
  instance ??= compose();
  return instance;
};

const compose = (): Serving => {
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
  const onSeen = (session: Session): void => cache.see(session);
  const firestore = new FirestoreStore(setup, onSeen);
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
    erasedSince: (since) => erasedSince(setup, since),
    onEvent: logFallback,
  });
  const sessions = new SessionManager({ store, ownersMayAnswer });
  return {
    setup,
    primary,
    store,
    sessions,
    metrics: new Metrics(),
    onSeen,
    rates: ratesOf(config.rates, redisUrl),
    trustedProxies: config.trustedProxies,
    standing: standing(getAuth(app), deadlineMs),
    hashed: hasher(config.logSalt),
    log: logger.write,
  };
};

const ratesOf = ({ addressCalls, userCalls }: Config['rates'], redisUrl: string | null) => {
  const redis = redisUrl === null ? null : new RedisConnection(redisUrl);
  return {
    address: rateLimit({ name: 'address', callsPerMinute: addressCalls, redis }),
    user: rateLimit({ name: 'user', callsPerMinute: userCalls, redis }),
  };
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
  else logger.write({ severity: 'ERROR', message: 'redis.unavailable', error: withoutText(change.cause) });
};

const SEVERITY = {
  activated: 'WARNING',
  full: 'ERROR',
  stalled: 'ERROR',
  refused: 'WARNING',
  replayed: 'NOTICE',
} as const;

const logFallback = ({ event, ...details }: FallbackEvent): void => {
  const about = 'cause' in details ? { error: withoutText(details.cause) } : details;
  logger.write({ severity: SEVERITY[event], message: `fallback.${event}`, ...about });
};
