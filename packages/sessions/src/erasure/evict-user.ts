import type { Journal } from '../journal/journal.ts';

/** The options of a {@link UserEviction}. */
export type UserEvictionOptions = {
  journal: Journal;
  /** What this instance keeps in memory beside the journal. One pass removes any number of users. */
  caches: readonly { evict(owners: ReadonlySet<string>): void }[];
  /** Reports how many pending operations were dropped. */
  onEntriesDropped(entries: number): void;
};

/** Removes erased users from the memory of this instance and from its journal, which other instances may share. */
export class UserEviction {
  readonly #options: UserEvictionOptions;

  constructor(options: UserEvictionOptions) {
    this.#options = options;
  }

  /**
   * Removes one user. Returns how many pending operations were dropped.
   *
   * @throws the error of the journal. The caches are clean then; the journal may not be.
   */
  evict(owner: string): Promise<number> {
    this.#evictFromCaches(new Set([owner]));
    return this.#dropEntries(owner);
  }

  /**
   * Removes users, one after the other: a shared journal that gets thousands of requests at once answers none in time.
   *
   * @throws the first error of the journal, after all users were tried
   */
  async evictAll(owners: ReadonlySet<string>): Promise<void> {
    this.#evictFromCaches(owners);
    const failures: unknown[] = [];
    for (const owner of owners)
      await this.#dropEntries(owner).catch((failure: unknown) => failures.push(failure));
    if (failures.length > 0) throw failures[0];
  }

  #evictFromCaches(owners: ReadonlySet<string>): void {
    for (const cache of this.#options.caches) cache.evict(owners);
  }

  async #dropEntries(owner: string): Promise<number> {
    const { journal, onEntriesDropped } = this.#options;
    const dropped = await journal.removeOwner(owner);
    if (dropped > 0) onEntriesDropped(dropped);
    return dropped;
  }
}
