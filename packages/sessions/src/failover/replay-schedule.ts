import { type Entry, keyName, type SessionKey } from '../journal/journal.ts';
import { carryOver, NO_ATTEMPTS, type RetryState } from './replay-policy.ts';

/** How long sweeps leave a session key alone after an attempt, in milliseconds. The pause doubles with each further attempt. */
const PAUSE_MS = 1000;
const MAX_PAUSE_MS = 64_000;

type WaitingKey = { owner: string; entry_id: string; retry: RetryState; triedAt: number; pauseMs: number };

/** The session keys whose next entry has to wait: its earlier attempts, and when a sweep may try again. */
export class ReplaySchedule {
  readonly #waiting = new Map<string, WaitingKey>();

  /** How many session keys wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** The earlier attempts for the next entry of a session key. */
  retryStateOf(key: SessionKey, { entry_id }: Entry): RetryState {
    const waiting = this.#waiting.get(keyName(key));
    if (!waiting) return NO_ATTEMPTS;
    return waiting.entry_id === entry_id ? waiting.retry : carryOver(waiting.retry);
  }

  /**
   * Records an attempt. A session key that fails while the primary is available pauses longer after each attempt.
   *
   * @param options `now` in milliseconds; `isPrimaryAvailable` at that time
   */
  record(
    key: SessionKey,
    { entry_id, operation: { owner } }: Entry,
    retry: RetryState,
    { now, isPrimaryAvailable }: { now: number; isPrimaryAvailable: boolean },
  ): void {
    const name = keyName(key);
    if (retry === NO_ATTEMPTS) {
      this.#waiting.delete(name);
      return;
    }
    const before = this.#waiting.get(name);
    const lastPauseMs = before?.entry_id === entry_id ? before.pauseMs : 0;
    const pauseMs = isPrimaryAvailable
      ? Math.min(Math.max(PAUSE_MS, 2 * lastPauseMs), MAX_PAUSE_MS)
      : lastPauseMs;
    this.#waiting.set(name, { owner, entry_id, retry, triedAt: now, pauseMs });
  }

  /** Whether the pause of a session key is over at `now`, in milliseconds. */
  isDue(key: SessionKey, now: number): boolean {
    const waiting = this.#waiting.get(keyName(key));
    return !waiting || now - waiting.triedAt >= waiting.pauseMs;
  }

  delete(key: SessionKey): void {
    this.#waiting.delete(keyName(key));
  }

  clear(): void {
    this.#waiting.clear();
  }

  evict(owners: ReadonlySet<string>): void {
    for (const [name, { owner }] of this.#waiting) if (owners.has(owner)) this.#waiting.delete(name);
  }
}
