import type { JournalBounds, Limits } from 'kb-sessions';
import { params } from './params.ts';

const MEGABYTE = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The configuration of an instance: the params in the units of the session module. */
export type Config = {
  database: string;
  limits: Limits;
  deadlineMs: number;
  breaker: { failures: number; probeAfterMs: number };
  cache: { sessions: number; bytes: number };
  journal: JournalBounds & { gracePeriodMs: number; redisUrl: string | null };
  rateLimits: { userCalls: number; addressCalls: number };
  trustedProxies: number;
  logSalt: string | null;
  ownersMayAnswer: boolean;
};

/** Reads the configuration of this instance. @throws Error that names the param that is out of its bounds */
export const readConfig = (): Config => ({
  database: params.database.read(),
  limits: {
    idleTimeoutMs: params.idleTimeout.read() * 1000,
    lifetimeMs: params.lifetime.read() * 1000,
    touchIntervalMs: params.touchInterval.read() * 1000,
    retentionMs: params.retention.read() * DAY_MS,
    messagesPerSession: params.messagesPerSession.read(),
    recentMessages: params.recentMessages.read(),
    expiryShards: params.expiryShards.read(),
    analyticsShards: params.analyticsShards.read(),
    openSessionsPerUser: params.openSessionsPerUser.read(),
  },
  deadlineMs: params.rpcDeadline.read(),
  breaker: {
    failures: params.breakerFailures.read(),
    probeAfterMs: params.breakerProbe.read() * 1000,
  },
  cache: { sessions: params.cacheSessions.read(), bytes: params.cacheMegabytes.read() * MEGABYTE },
  journal: {
    entries: params.journalEntries.read(),
    bytes: params.journalMegabytes.read() * MEGABYTE,
    perOwner: {
      entries: params.journalUserEntries.read(),
      bytes: params.journalUserMegabytes.read() * MEGABYTE,
    },
    gracePeriodMs: params.journalGracePeriod.read() * 1000,
    redisUrl: params.redisUrl.read(),
  },
  rateLimits: { userCalls: params.userCalls.read(), addressCalls: params.addressCalls.read() },
  trustedProxies: params.trustedProxies.read(),
  logSalt: params.logSalt.read(),
  ownersMayAnswer: params.ownersMayAnswer.read(),
});
