import type { Clock } from '../clock.ts';
import type { RefusalReason } from '../journal/journal.ts';

export type FailoverCounts = {
  /** How often the journal began to fill. */
  activations: number;
  accepted: number;
  replayed: number;
  refused: number;
  /** Refused at the door, because the journal was full. */
  turned_away: number;
};

/** What is worth a line in the log. `ms` is how long ago the journal began to fill. */
export type FailoverEvent =
  | { event: 'activated' }
  | { event: 'full' }
  /** What a call does for others failed, and is done later: a replay, or a look for users who were erased. */
  | { event: 'stalled'; cause: unknown }
  | { event: 'refused'; reason: RefusalReason; entries: number }
  | { event: 'replayed'; accepted: number; replayed: number; refused: number; ms: number };

const NOTHING: FailoverCounts = { activations: 0, accepted: 0, replayed: 0, refused: 0, turned_away: 0 };

/** Counts what the fallback does on this instance, and tells when it begins, refuses and is done. */
export class FailoverEvents {
  readonly #clock: Clock;
  readonly #onEvent: (event: FailoverEvent) => void;
  #counts = NOTHING;
  #began: { at: number; counts: FailoverCounts } | null = null;
  #isFull = false;

  constructor(clock: Clock, onEvent: (event: FailoverEvent) => void) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  get counts(): FailoverCounts {
    return { ...this.#counts };
  }

  /** Whether the journal has been filled since {@link drained}. */
  get isActive(): boolean {
    return this.#began !== null;
  }

  accepted(): void {
    if (!this.#began) {
      this.#began = { at: this.#clock(), counts: this.#counts };
      this.#add('activations');
      this.#onEvent({ event: 'activated' });
    }
    this.#add('accepted');
  }

  /** Told once per outage: a full journal refuses every call. */
  rejected(): void {
    this.#add('turned_away');
    if (!this.#isFull) this.#onEvent({ event: 'full' });
    this.#isFull = true;
  }

  stalled(cause: unknown): void {
    this.#onEvent({ event: 'stalled', cause });
  }

  /** So many entries have left the journal. */
  settled(outcome: 'durable' | RefusalReason, entries = 1): void {
    this.#add(outcome === 'durable' ? 'replayed' : 'refused', entries);
    if (outcome !== 'durable') this.#onEvent({ event: 'refused', reason: outcome, entries });
  }

  drained(): void {
    if (!this.#began) return;
    const { at, counts: before } = this.#began;
    this.#began = null;
    this.#isFull = false;
    this.#onEvent({
      event: 'replayed',
      accepted: this.#counts.accepted - before.accepted,
      replayed: this.#counts.replayed - before.replayed,
      refused: this.#counts.refused - before.refused,
      ms: this.#clock() - at,
    });
  }

  #add(key: keyof FailoverCounts, by = 1): void {
    this.#counts = { ...this.#counts, [key]: this.#counts[key] + by };
  }
}
