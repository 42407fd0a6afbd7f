/**
 * The session module: the calls of a chat on a {@link SessionStore}, without HTTP and without Firebase Functions.
 * Stores and journals have entries of their own: `kb-sessions/firestore`, `kb-sessions/memory` and `kb-sessions/redis`.
 *
 * @module
 */
export { type ErrorCode, type ErrorDetails, SessionError } from 'kb-sessions-contract/errors';
export type { Message, Session } from 'kb-sessions-contract/records';
export type { Caller } from './caller.ts';
export type { Clock } from './clock.ts';
export { toCsv } from './export/csv.ts';
export {
  type BreakerState,
  type CircuitBreakerStore,
  withCircuitBreaker,
} from './failover/circuit-breaker-store.ts';
export type { FailoverEvent } from './failover/failover-events.ts';
export { type FailoverState, FailoverStore } from './failover/failover-store.ts';
export { ReadCache } from './failover/read-cache.ts';
export type { Journal, JournalBounds } from './journal/journal.ts';
export { type TierChange, TieredJournal } from './journal/tiered-journal.ts';
export type { Limits } from './limits.ts';
export { type OperationCost, trackCost } from './operation-cost.ts';
export { SessionManager } from './session-manager.ts';
export type { SessionStore } from './session-store.ts';
