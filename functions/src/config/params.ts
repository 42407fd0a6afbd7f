import {
  booleanParam,
  intParam,
  optionalStringParam,
  originListParam,
  redisUrlParam,
  stringParam,
} from './param-types.ts';

const DAY_SECONDS = 24 * 60 * 60;

/** All that a deployment may set. */
export const params = {
  database: stringParam('DATABASE_ID', '(default)', 'The Firestore database to keep everything in'),
  idleTimeout: intParam('IDLE_TIMEOUT_SECONDS', {
    default: 120 * 60,
    min: 1,
    max: 30 * DAY_SECONDS,
    description: 'Seconds without activity after which a session expires',
  }),
  lifetime: intParam('LIFETIME_SECONDS', {
    default: DAY_SECONDS,
    min: 1,
    max: 365 * DAY_SECONDS,
    description: 'Seconds after which a session expires however active it is',
  }),
  touchInterval: intParam('TOUCH_SECONDS', {
    default: 60,
    min: 0,
    max: DAY_SECONDS,
    description: 'Reading a session moves its expiry at most once in so many seconds',
  }),
  retention: intParam('RETENTION_DAYS', {
    default: 30,
    min: 1,
    max: 3650,
    description: 'Days that a session is kept after the end of its lifetime',
  }),
  messagesPerSession: intParam('MESSAGES_PER_SESSION', {
    default: 50,
    min: 10,
    max: 1_000_000,
    description: 'Messages in a session before it rolls over into its successor',
  }),
  recentMessages: intParam('RECENT_MESSAGES', {
    default: 20,
    min: 1,
    max: 50,
    description: 'Newest messages kept in the session document, at most 64 KB of them',
  }),
  expiryShards: intParam('EXPIRY_SHARDS', {
    default: 8,
    min: 1,
    max: 1000,
    description:
      'Shards of the expiry index: 500 appends a second each. Lower it only while no session is open',
  }),
  analyticsShards: intParam('ANALYTICS_SHARDS', {
    default: 10,
    min: 1,
    max: 1000,
    description: 'Shards of the counters of a day: about one sustained write a second each',
  }),
  openSessionsPerUser: intParam('OPEN_SESSIONS_PER_USER', {
    default: 100,
    min: 0,
    max: 10_000,
    description: 'Open sessions that a user may have, roughly; 0 for as many as the user likes',
  }),
  rpcDeadline: intParam('RPC_DEADLINE_MS', {
    default: 2000,
    min: 10,
    max: 60_000,
    description: 'Milliseconds that a call waits for one RPC of Firestore',
  }),
  breakerFailures: intParam('BREAKER_FAILURES', {
    default: 3,
    min: 1,
    max: 100,
    description: 'Calls in a row that find Firestore unavailable before calls are refused at once',
  }),
  breakerProbe: intParam('BREAKER_PROBE_SECONDS', {
    default: 5,
    min: 1,
    max: 300,
    description: 'Seconds until one call then tries again',
  }),
  cacheSessions: intParam('CACHE_SESSIONS', {
    default: 5000,
    min: 1,
    max: 1_000_000,
    description: 'Sessions that an instance remembers from Firestore, for when that is away',
  }),
  cacheMegabytes: intParam('CACHE_MEGABYTES', {
    default: 32,
    min: 1,
    max: 4096,
    description: 'Megabytes that those may take',
  }),
  journalEntries: intParam('JOURNAL_ENTRIES', {
    default: 10_000,
    min: 1,
    max: 1_000_000,
    description: 'Calls that are kept while Firestore is away; beyond them calls are refused',
  }),
  journalMegabytes: intParam('JOURNAL_MEGABYTES', {
    default: 32,
    min: 1,
    max: 4096,
    description: 'Megabytes that those may take',
  }),
  journalUserEntries: intParam('JOURNAL_USER_ENTRIES', {
    default: 1000,
    min: 1,
    max: 1_000_000,
    description: 'Of those calls, how many may be one user’s',
  }),
  journalUserMegabytes: intParam('JOURNAL_USER_MEGABYTES', {
    default: 4,
    min: 1,
    max: 4096,
    description: 'Megabytes that those may take',
  }),
  journalGracePeriod: intParam('JOURNAL_PATIENCE_SECONDS', {
    default: 60,
    min: 1,
    max: 3600,
    description: 'Seconds that a message waits, once Firestore is back, for a session that is not there yet',
  }),
  redisUrl: redisUrlParam(
    'REDIS_URL',
    'redis[s]://[[username][:password]@]host[:port][/db]: instances share what waits while Firestore is away',
  ),
  userCalls: intParam('USER_CALLS_PER_MINUTE', {
    default: 300,
    min: 1,
    max: 1_000_000,
    description: 'Calls of one user in a minute; beyond them calls are refused',
  }),
  addressCalls: intParam('ADDRESS_CALLS_PER_MINUTE', {
    default: 3000,
    min: 1,
    max: 1_000_000,
    description: 'Calls from one address in a minute; beyond them calls are refused',
  }),
  trustedProxies: intParam('TRUSTED_PROXIES', {
    default: 1,
    min: 0,
    max: 10,
    description: 'Proxies in front that add to X-Forwarded-For; 1 on Cloud Run, 2 behind a load balancer',
  }),
  corsOrigins: originListParam(
    'CORS_ORIGINS',
    '*',
    'Origins of pages that may call, with commas between them; * for any',
  ),
  logSalt: optionalStringParam(
    'LOG_SALT',
    'Salt of the hashes of ids in logs; empty for one of each instance',
  ),
  ownersMayAnswer: booleanParam(
    'OWNERS_MAY_ANSWER',
    'Lets owners write the role assistant and its confidence: for demos of a single page',
  ),
  enforceAppCheck: booleanParam('ENFORCE_APP_CHECK', 'Refuses calls without a valid App Check token'),
};
