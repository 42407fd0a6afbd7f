import type { Clock } from '../clock.ts';

/** Lists the users who were erased after `since`, and the time up to which the list is complete; both in milliseconds by the clock of the primary. */
export type ListErasedUsers = (since: number) => Promise<{ owners: string[]; until: number }>;

/** How often an instance polls, in milliseconds. */
const POLL_INTERVAL_MS = 60_000;
/** How far the clock of the instance may be ahead of the clock of the primary, in milliseconds. */
const MAX_CLOCK_SKEW_MS = 10 * 60_000;

/** The options of a {@link TombstonePoller}. */
export type TombstonePollerOptions = {
  listErasedUsers: ListErasedUsers;
  evict(owners: ReadonlySet<string>): Promise<unknown>;
  clock: Clock;
};

/**
 * Makes an instance evict users whose erasure began on another instance. A new instance holds nothing, so its first poll is
 * a minute later. An operation that runs during an eviction may bring the user back; the second sweep of an erasure writes
 * the tombstone again, so each user is evicted twice.
 */
export class TombstonePoller {
  readonly #options: TombstonePollerOptions;
  #polledAt: number;
  #since: number;

  constructor(options: TombstonePollerOptions) {
    this.#options = options;
    this.#polledAt = options.clock();
    this.#since = this.#polledAt - MAX_CLOCK_SKEW_MS;
  }

  /** Whether it is time to {@link poll}. */
  get isDue(): boolean {
    return this.#options.clock() - this.#polledAt >= POLL_INTERVAL_MS;
  }

  /** Evicts the users who were erased since the last successful poll. After a failure the next poll covers the same time. */
  async poll(): Promise<void> {
    const { listErasedUsers, evict, clock } = this.#options;
    this.#polledAt = clock();
    const { owners, until } = await listErasedUsers(this.#since);
    await evict(new Set(owners));
    this.#since = until;
  }
}
