import type { Clock } from '../clock.ts';

/** Users who were erased after `since`, and until when that is all of them; both in milliseconds of the primary's clock. */
export type ListErasedUsers = (since: number) => Promise<{ owners: string[]; until: number }>;

/** How often an instance asks, in milliseconds. */
const EVERY_MS = 60_000;
/** How far the instance's clock may be ahead of the primary's, in milliseconds. */
const MAX_SKEW_MS = 10 * 60_000;

export type TombstonePollerOptions = {
  listErasedUsers: ListErasedUsers;
  evict(owners: ReadonlySet<string>): Promise<unknown>;
  clock: Clock;
};

/**
 * Lets an instance forget users whose erasure began on another one. It has just begun and holds nothing, so that it
 * first asks a minute later. An operation under way may bring back what was just forgotten; the second sweep of an
 * erasure counts as one more, so that each user is forgotten again.
 */
export class TombstonePoller {
  readonly #options: TombstonePollerOptions;
  #askedAt: number;
  #since: number;

  constructor(options: TombstonePollerOptions) {
    this.#options = options;
    this.#askedAt = options.clock();
    this.#since = this.#askedAt - MAX_SKEW_MS;
  }

  /** Whether it is time to {@link poll}. */
  get isDue(): boolean {
    return this.#options.clock() - this.#askedAt >= EVERY_MS;
  }

  /** To be called when it is due and the primary is there. What fails is asked again in its time. */
  async poll(): Promise<void> {
    const { listErasedUsers, evict, clock } = this.#options;
    this.#askedAt = clock();
    const { owners, until } = await listErasedUsers(this.#since);
    await evict(new Set(owners));
    this.#since = until;
  }
}
