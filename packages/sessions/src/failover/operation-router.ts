import type { Journal, SessionKey } from '../journal/journal.ts';
import { withoutCost } from '../operation-cost.ts';
import { isNotFound, isUnavailable, refusedError, unavailableError } from '../session-errors.ts';
import type { AppendOperation, CreateOperation } from '../session-store.ts';
import type { CircuitBreakerStore } from './circuit-breaker-store.ts';
import type { Maintenance } from './maintenance.ts';
import type { Replayer } from './replayer.ts';

/** How one operation is served. */
export type Route<Result> = {
  /** The session whose pending entries are replayed first; null if the operation depends on none. */
  session: SessionKey | null;
  /** The operation itself if it writes: it may be a replay that was refused. */
  write?: CreateOperation | AppendOperation;
  /** The result of an earlier replay of this operation, if there was one. */
  recall?(): Result | null;
  primary(): Promise<Result>;
  /** Used instead of `primary` while entries of the session are pending; null: the operation is `unavailable` then. */
  whilePending?: (() => Promise<Result>) | null;
  /** Serves the operation while the primary is unavailable; absent: the operation is `unavailable` then. */
  degraded?(): Promise<Result>;
  /** Whether an error may only mean that entries are pending. */
  isProvisional?(error: unknown, isPending: boolean): boolean;
};

/** The options of an {@link OperationRouter}. */
export type OperationRouterOptions = {
  primary: CircuitBreakerStore;
  journal: Journal;
  replayer: Replayer;
  maintenance: Maintenance;
};

/** Decides for each operation whether the primary or the fallback serves it. */
export class OperationRouter {
  readonly #options: OperationRouterOptions;

  constructor(options: OperationRouterOptions) {
    this.#options = options;
  }

  /**
   * Serves an operation: replays the pending entries of its session, then asks the primary, and if that is unavailable and
   * the operation does not need it, asks the journal and the cache. A call that finds the primary available also runs the
   * maintenance.
   */
  async serve<Result>(route: Route<Result>): Promise<Result> {
    const { session, write, recall, primary, whilePending = primary, degraded = null } = route;
    const { journal, replayer, maintenance } = this.#options;
    replayer.noteCall();
    const isPending =
      session !== null && !journal.isKnownEmpty && (await this.#isPendingAfterReplay(session));
    const recalled = recall?.() ?? null;
    if (recalled !== null) return recalled;
    const refusal = write?.replay ? await journal.refusal(write) : null;
    const serve = isPending ? whilePending : primary;
    try {
      if (serve === null) throw unavailableError(new Error('earlier writes to this session are pending'));
      replayer.noteCall();
      const result = await serve();
      if (write) replayer.noteWrite();
      if (maintenance.isDue) await maintenance.run();
      return result;
    } catch (error) {
      if (serve !== null && !isUnavailable(error) && maintenance.isDue) await maintenance.run();
      // A replayed append of an unknown session waits once more, as long as it did where it was accepted.
      const waitsForSession = write?.replay && 'messages' in write && isNotFound(error) && refusal === null;
      const isProvisional = waitsForSession || route.isProvisional?.(error, isPending);
      if (degraded === null || !(isUnavailable(error) || isProvisional)) throw error;
      // Only the primary knows whether it has a refused write all the same; but a refused write never becomes pending again.
      if (refusal !== null) throw refusedError(refusal);
      return degraded();
    }
  }

  /** Whether entries of the session are still pending after this instance has tried to replay them. */
  async #isPendingAfterReplay(session: SessionKey): Promise<boolean> {
    const { primary, journal, replayer } = this.#options;
    if ((await journal.next(session)) === null) return false;
    // One call at a time probes whether the primary has recovered.
    if (primary.state !== 'closed' && replayer.isReplaying(session)) return true;
    await withoutCost(() => replayer.replay(session));
    return (await journal.next(session)) !== null;
  }
}
