import type { JournalBounds, Limits } from 'kb-sessions';
import { params } from './params.ts';

const MEGABYTE = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

export type Config = {
  database: string;
  limits: Limits;
  deadlineMs: number;
  breaker: { failures: number; probeAfterMs: number };
  cache: { sessions: number; bytes: number };
  journal: JournalBounds & { patienceMs: number; redisUrl: string | null };
  rates: { userCalls: number; addressCalls: number };
  trustedProxies: number;
  logSalt: string | null;
  ownersMayAnswer: boolean;
};

/** The configuration of this instance. @throws Error naming the param that is out of its bounds. */
export const readConfig = (): Config => ({
  database: params.database.read(),
  limits: {
    idleTimeoutMs: params.idleTimeout.read() * 1000,
    lifetimeMs: params.lifetime.read() * 1000,
    touchEveryMs: params.touchEvery.read() * 1000,
    retentionMs: params.retention.read() * DAY_MS,
    messagesPerSession: params.messagesPerSession.read(),
    recentMessages: params.recentMessages.read(),
    expiryShards: params.expiryShards.read(),
    analyticsShards: params.analyticsShards.read(),
    openSessions: params.openSessions.read(),
  },
  deadlineMs: params.deadline.read(),
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
    patienceMs: params.journalPatience.read() * 1000,
    redisUrl: params.redisUrl.read(),
  },
  rates: { userCalls: params.userCalls.read(), addressCalls: params.addressCalls.read() },
  trustedProxies: params.trustedProxies.read(),
  logSalt: params.logSalt.read(),
  ownersMayAnswer: params.ownersMayAnswer.read(),
});
