import type { Journal } from '../journal/journal.ts';

export type UserEvictionOptions = {
  journal: Journal;
  /** What this instance remembers beside, each forgotten in one pass, however many users they are. */
  caches: readonly { evict(owners: ReadonlySet<string>): void }[];
  /** Told how many entries that waited are gone. */
  onEntriesDropped(entries: number): void;
};

/** Takes users who are erased out of whatever this instance holds, and out of the journal that it may share. */
export class UserEviction {
  readonly #options: UserEvictionOptions;

  constructor(options: UserEvictionOptions) {
    this.#options = options;
  }

  /** How many entries waited. */
  evict(owner: string): Promise<number> {
    this.#forgetHere(new Set([owner]));
    return this.#forgetWaiting(owner);
  }

  /** One after the other: a shared journal that is asked for thousands at once answers none of them in time. */
  async evictAll(owners: ReadonlySet<string>): Promise<void> {
    this.#forgetHere(owners);
    const failures: unknown[] = [];
    for (const owner of owners)
      await this.#forgetWaiting(owner).catch((failure: unknown) => failures.push(failure));
    if (failures.length > 0) throw failures[0];
  }

  #forgetHere(owners: ReadonlySet<string>): void {
    for (const memory of this.#options.caches) memory.evict(owners);
  }

  async #forgetWaiting(owner: string): Promise<number> {
    const { journal, onEntriesDropped: onForgotten } = this.#options;
    const forgotten = await journal.removeOwner(owner);
    if (forgotten > 0) onForgotten(forgotten);
    return forgotten;
  }
}
