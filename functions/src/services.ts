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
import {
  CLIENT_SETTINGS,
  type FirestoreContext,
  FirestoreStore,
  listErasedUsers,
} from 'kb-sessions/firestore';
import { MemoryJournal } from 'kb-sessions/memory';
import { RedisConnection, RedisJournal } from 'kb-sessions/redis';
import { createRateLimiter, type RateLimiter } from './access/rate-limiter.ts';
import { createTokenVerifier } from './access/verify-token.ts';
import { type Config, readConfig } from './config/config.ts';
import { createIdHasher } from './logging/hash-id.ts';
import { Metrics } from './logging/metrics.ts';
import { redactError } from './logging/redact-error.ts';

/** The parts of an instance that calls, jobs and triggers use. */
export type Services = {
  context: FirestoreContext;
  primary: CircuitBreakerStore;
  store: FailoverStore;
  sessions: SessionManager;
  metrics: Metrics;
  /** Puts a session that was read or written into the read cache. */
  onSessionRead(session: Session): void;
};

/** {@link Services}, and the checks of a call. */
export type CallServices = Services & {
  rateLimiters: { address: RateLimiter; user: RateLimiter };
  /** See {@link clientIpKey}. */
  trustedProxies: number;
  /** Throws a SessionError for a revoked ID token, see {@link createTokenVerifier}. */
  verifyToken(idToken: string): Promise<void>;
  /** Hashes an id for the log. */
  hashId(id: string): string;
  log(entry: logger.LogEntry): void;
};

let instance: CallServices | undefined;

/**
 * Returns the services of this instance. The first request creates them, because params have no values while a
 * deployment loads the code.
 * @throws Error that names the param that is out of its bounds
 */
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
  const { gracePeriodMs, redisUrl, ...bounds } = config.journal;
  const memory = new MemoryJournal(bounds);
  const store = new FailoverStore({
    primary,
    journal: redisUrl === null ? memory : createTieredJournal(redisUrl, { bounds, memory, deadlineMs }),
    cache,
    limits,
    clock: monotonicNow,
    gracePeriodMs: gracePeriodMs,
    listErasedUsers: (since) => listErasedUsers(context, since),
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
    rateLimiters: createRateLimiters(config.rateLimits, redisUrl, deadlineMs),
    trustedProxies: config.trustedProxies,
    verifyToken: createTokenVerifier(getAuth(app), deadlineMs),
    hashId: createIdHasher(config.logSalt),
    log: logger.write,
  };
};

/** Redis is asked beside or instead of Firestore and may take an eighth of its deadline: 250 ms by default. */
const redisDeadlineMs = (deadlineMs: number): number => Math.ceil(deadlineMs / 8);

const createRateLimiters = (
  { addressCalls, userCalls }: Config['rateLimits'],
  redisUrl: string | null,
  deadlineMs: number,
) => {
  const redis = redisUrl === null ? null : new RedisConnection(redisUrl, redisDeadlineMs(deadlineMs));
  return {
    address: createRateLimiter({ name: 'address', callsPerMinute: addressCalls, redis }),
    user: createRateLimiter({ name: 'user', callsPerMinute: userCalls, redis }),
  };
};

const createTieredJournal = (
  url: string,
  { bounds, memory, deadlineMs }: { bounds: JournalBounds; memory: Journal; deadlineMs: number },
): Journal =>
  new TieredJournal({
    shared: RedisJournal.connect(url, bounds, redisDeadlineMs(deadlineMs)),
    local: memory,
    onChange: logRedisState,
  });

/**
 * The time in milliseconds since 1970, from the start of the process and the time that has passed since. A system clock
 * that is set back must not stop a replay.
 */
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
  const fields = 'cause' in details ? { error: redactError(details.cause) } : details;
  logger.write({ severity: EVENT_SEVERITY[event], message: `fallback.${event}`, ...fields });
};

/** The time in which a call or a trigger begins pages. The platform ends them after 60 s. */
const SWEEP_BUDGET_MS = 30_000;

/** The deadline of a call or a trigger that begins now, in milliseconds since 1970, and the clock for it. */
export const timeBudget = () => ({ deadline: Date.now() + SWEEP_BUDGET_MS, clock: Date.now });
