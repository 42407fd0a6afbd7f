import { randomInt } from 'node:crypto';
import { getApps, initializeApp } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { getFirestore } from 'firebase-admin/firestore';
import * as logger from 'firebase-functions/logger';
import {
  type BreakerState,
  type CircuitBreakerStore,
  type FailoverEvent,
  FailoverStore,
  type Journal,
  type JournalBounds,
  ReadCache,
  type Session,
  SessionManager,
  type TierChange,
  TieredJournal,
  withCircuitBreaker,
} from 'kb-sessions';
import { CLIENT_SETTINGS, erasedSince, type FirestoreContext, FirestoreStore } from 'kb-sessions/firestore';
import { MemoryJournal } from 'kb-sessions/memory';
import { RedisConnection, RedisJournal } from 'kb-sessions/redis';
import { createRateLimiter, type RateLimiter } from './access/rate-limiter.ts';
import { createTokenVerifier } from './access/verify-token.ts';
import { type Config, readConfig } from './config/config.ts';
import { createIdHasher } from './logging/hash-id.ts';
import { Metrics } from './logging/metrics.ts';
import { redactError } from './logging/redact-error.ts';

/** What calls and jobs work with. */
export type Services = {
  context: FirestoreContext;
  primary: CircuitBreakerStore;
  store: FailoverStore;
  sessions: SessionManager;
  metrics: Metrics;
  /** For the read cache: told each session that was read or written. */
  onSessionRead(session: Session): void;
};

/** An instance of a function: that, and what a call has to pass before. */
export type CallServices = Services & {
  rateLimiters: { address: RateLimiter; user: RateLimiter };
  trustedProxies: number;
  /** Fails where Firebase Auth no longer stands by an ID token. */
  verifyToken(idToken: string): Promise<void>;
  /** What the log may have of an id. */
  hashId(id: string): string;
  log(line: logger.LogEntry): void;
};

let instance: CallServices | undefined;

/** Built at the first request, once: while a deployment only loads the code, params have no values. */
export const services = (): CallServices => {
  instance ??= createServices();
  return instance;
};

const createServices = (): CallServices => {
  const { database, limits, deadlineMs, breaker, ownersMayAnswer, ...config } = readConfig();
  const app = getApps()[0] ?? initializeApp();
  const db = getFirestore(app, database);
  db.settings(CLIENT_SETTINGS);
  const context: FirestoreContext = {
    db,
    limits,
    deadlineMs,
    now: (readTime) => readTime.toMillis(),
    random: (below) => randomInt(below),
  };
  const cache = new ReadCache(config.cache);
  const onSessionRead = (session: Session): void => cache.put(session);
  const firestore = new FirestoreStore(context, onSessionRead);
  const primary = withCircuitBreaker(firestore, { ...breaker, onChange: logBreakerState });
  const { gracePeriodMs: patienceMs, redisUrl, ...bounds } = config.journal;
  const own = new MemoryJournal(bounds);
  const store = new FailoverStore({
    primary,
    journal: redisUrl === null ? own : createTieredJournal(redisUrl, bounds, own),
    cache,
    limits,
    clock: monotonicNow,
    patienceMs,
    erasedSince: (since) => erasedSince(context, since),
    onEvent: logFailoverEvent,
  });
  const sessions = new SessionManager({ store, ownersMayAnswer });
  return {
    context,
    primary,
    store,
    sessions,
    metrics: new Metrics(),
    onSessionRead,
    rateLimiters: createRateLimiters(config.rateLimits, redisUrl),
    trustedProxies: config.trustedProxies,
    verifyToken: createTokenVerifier(getAuth(app), deadlineMs),
    hashId: createIdHasher(config.logSalt),
    log: logger.write,
  };
};

const createRateLimiters = ({ addressCalls, userCalls }: Config['rateLimits'], redisUrl: string | null) => {
  const redis = redisUrl === null ? null : new RedisConnection(redisUrl);
  return {
    address: createRateLimiter({ name: 'address', callsPerMinute: addressCalls, redis }),
    user: createRateLimiter({ name: 'user', callsPerMinute: userCalls, redis }),
  };
};

const createTieredJournal = (url: string, bounds: JournalBounds, own: Journal): Journal =>
  new TieredJournal({ shared: RedisJournal.connect(url, bounds), own, onChange: logRedisState });

/** The time of day as it was when the process began, and what has passed since: a clock that is set must not stop a replay. */
const monotonicNow = (): number => Math.round(performance.timeOrigin + performance.now());

const logBreakerState = (breaker: BreakerState): void => {
  if (breaker === 'open') logger.write({ severity: 'ERROR', message: 'firestore.unavailable', breaker });
  if (breaker === 'closed') logger.write({ severity: 'NOTICE', message: 'firestore.available', breaker });
};

const logRedisState = (change: TierChange): void => {
  if (change.state === 'available') logger.write({ severity: 'NOTICE', message: 'redis.available' });
  else logger.write({ severity: 'ERROR', message: 'redis.unavailable', error: redactError(change.cause) });
};

const EVENT_SEVERITY = {
  activated: 'WARNING',
  full: 'ERROR',
  stalled: 'ERROR',
  refused: 'WARNING',
  replayed: 'NOTICE',
} as const;

const logFailoverEvent = ({ event, ...details }: FailoverEvent): void => {
  const about = 'cause' in details ? { error: redactError(details.cause) } : details;
  logger.write({ severity: EVENT_SEVERITY[event], message: `fallback.${event}`, ...about });
};

/** How long a call or a trigger sweeps, well within the 60 s that a function has. */
const SWEEP_BUDGET_MS = 30_000;

/** Until when to go on, from now, and the clock that tells. */
export const timeBudget = () => ({ deadline: Date.now() + SWEEP_BUDGET_MS, clock: Date.now });
