import {
  booleanParam,
  intParam,
  optionalStringParam,
  originListParam,
  redisUrlParam,
  stringParam,
} from './param-types.ts';

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Every param of a deployment, as data that docs/configuration.md is generated from. `functions/.env` holds the
 * defaults; a test compares them.
 */
export const params = {
  database: stringParam({
    name: 'DATABASE_ID',
    default: '(default)',
    description: 'Firestore database that holds all documents',
  }),
  idleTimeout: intParam({
    name: 'IDLE_TIMEOUT_SECONDS',
    default: 120 * 60,
    min: 1,
    max: 30 * DAY_SECONDS,
    unit: 'seconds',
    description: 'Time without activity after which a session expires',
  }),
  lifetime: intParam({
    name: 'LIFETIME_SECONDS',
    default: DAY_SECONDS,
    min: 1,
    max: 365 * DAY_SECONDS,
    unit: 'seconds',
    description: 'Age at which a session expires, even an active one',
  }),
  touchInterval: intParam({
    name: 'TOUCH_SECONDS',
    default: 60,
    min: 0,
    max: DAY_SECONDS,
    unit: 'seconds',
    description:
      'Reads extend the expiry of a session at most once in this time, or in half the idle timeout if that is shorter',
  }),
  retention: intParam({
    name: 'RETENTION_DAYS',
    default: 30,
    min: 1,
    max: 3650,
    unit: 'days',
    description: 'Time for which a session is stored after the end of its lifetime',
  }),
  messagesPerSession: intParam({
    name: 'MESSAGES_PER_SESSION',
    default: 50,
    min: 10,
    max: 1_000_000,
    unit: 'messages',
    description: 'Messages in a session before it rolls over into its successor',
  }),
  recentMessages: intParam({
    name: 'RECENT_MESSAGES',
    default: 20,
    min: 1,
    max: 50,
    unit: 'messages',
    description: 'Newest messages that the session document holds, at most 64 KB in all',
  }),
  expiryShards: intParam({
    name: 'EXPIRY_SHARDS',
    default: 8,
    min: 1,
    max: 1000,
    unit: 'shards',
    description:
      'Shards of the expiry index; each takes 500 appends per second. Lower the number only while no session is open',
  }),
  analyticsShards: intParam({
    name: 'ANALYTICS_SHARDS',
    default: 10,
    min: 1,
    max: 1000,
    unit: 'shards',
    description: 'Shards of the counters of a day; each takes about one sustained write per second',
  }),
  openSessionsPerUser: intParam({
    name: 'OPEN_SESSIONS_PER_USER',
    default: 100,
    min: 0,
    max: 10_000,
    unit: 'sessions',
    description:
      'Open sessions per user; approximate, as concurrent creations are not counted. 0 means no limit and saves createSession one read',
  }),
  rpcDeadline: intParam({
    name: 'RPC_DEADLINE_MS',
    default: 2000,
    min: 10,
    max: 60_000,
    unit: 'milliseconds',
    description: 'Time that a call waits for one RPC of Firestore before it is unavailable',
  }),
  breakerFailures: intParam({
    name: 'BREAKER_FAILURES',
    default: 3,
    min: 1,
    max: 100,
    unit: 'calls',
    description: 'Consecutive calls that find Firestore unavailable before the circuit breaker opens',
  }),
  breakerProbe: intParam({
    name: 'BREAKER_PROBE_SECONDS',
    default: 5,
    min: 1,
    max: 300,
    unit: 'seconds',
    description: 'Time between two probes of Firestore while the circuit breaker is open',
  }),
  cacheSessions: intParam({
    name: 'CACHE_SESSIONS',
    default: 5000,
    min: 1,
    max: 1_000_000,
    unit: 'sessions',
    description: 'Sessions that an instance caches for outages; the least recently used ones are evicted',
  }),
  cacheMegabytes: intParam({
    name: 'CACHE_MEGABYTES',
    default: 32,
    min: 1,
    max: 4096,
    unit: 'megabytes',
    description: 'Memory for cached sessions per instance',
  }),
  journalEntries: intParam({
    name: 'JOURNAL_ENTRIES',
    default: 10_000,
    min: 1,
    max: 1_000_000,
    unit: 'entries',
    description:
      'Operations that the journal holds during an outage; a full journal refuses more and drops none',
  }),
  journalMegabytes: intParam({
    name: 'JOURNAL_MEGABYTES',
    default: 32,
    min: 1,
    max: 4096,
    unit: 'megabytes',
    description: 'Size of the journal',
  }),
  journalUserEntries: intParam({
    name: 'JOURNAL_USER_ENTRIES',
    default: 1000,
    min: 1,
    max: 1_000_000,
    unit: 'entries',
    description: 'Operations of one user that the journal holds',
  }),
  journalUserMegabytes: intParam({
    name: 'JOURNAL_USER_MEGABYTES',
    default: 4,
    min: 1,
    max: 4096,
    unit: 'megabytes',
    description: 'Size of the operations of one user in the journal',
  }),
  journalGracePeriod: intParam({
    name: 'JOURNAL_PATIENCE_SECONDS',
    default: 60,
    min: 1,
    max: 3600,
    unit: 'seconds',
    description: 'Time that a replayed message waits for its session to be stored before it is refused',
  }),
  redisUrl: redisUrlParam({
    name: 'REDIS_URL',
    description:
      'redis[s]://[[username][:password]@]host[:port][/db] of a Redis server that holds the journal and the rate limits of all instances',
  }),
  userCalls: intParam({
    name: 'USER_CALLS_PER_MINUTE',
    default: 300,
    min: 1,
    max: 1_000_000,
    unit: 'calls',
    description: 'Calls of one user per minute; agents are not limited. Per instance without REDIS_URL',
  }),
  addressCalls: intParam({
    name: 'ADDRESS_CALLS_PER_MINUTE',
    default: 3000,
    min: 1,
    max: 1_000_000,
    unit: 'calls',
    description: 'Calls from one IPv4 address or IPv6 /64 per minute. Per instance without REDIS_URL',
  }),
  trustedProxies: intParam({
    name: 'TRUSTED_PROXIES',
    default: 1,
    min: 0,
    max: 10,
    unit: 'proxies',
    description:
      'Proxies that append to X-Forwarded-For: 1 on Cloud Run, 2 behind an external load balancer, 0 to use the address of the connection',
  }),
  corsOrigins: originListParam({
    name: 'CORS_ORIGINS',
    default: '*',
    description: 'Origins of the pages that may call, separated by commas; * allows any',
  }),
  logSalt: optionalStringParam({
    name: 'LOG_SALT',
    description: 'Secret salt of the hashed ids in the log; empty for a random one per instance',
  }),
  ownersMayAnswer: booleanParam({
    name: 'OWNERS_MAY_ANSWER',
    description: 'Allows owners the role assistant and its confidence, for demos of a single page',
  }),
  enforceAppCheck: booleanParam({
    name: 'ENFORCE_APP_CHECK',
    description: 'Refuses calls without a valid App Check token',
  }),
};
