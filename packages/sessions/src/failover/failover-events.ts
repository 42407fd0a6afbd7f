import type { Clock } from '../clock.ts';
import type { RefusalReason } from '../journal/journal.ts';

/** What the fallback has done since the instance started. */
export type FailoverCounts = {
  /** How often the journal began to fill. */
  activations: number;
  /** Operations that the journal accepted. */
  accepted: number;
  /** Entries that the primary stored. */
  replayed: number;
  /** Entries that the primary will never store. */
  refused: number;
  /** Operations that the journal did not accept because it was full. */
  turned_away: number;
};

/** An event for the log. */
export type FailoverEvent =
  /** The journal began to fill. */
  | { event: 'activated' }
  /** The journal did not accept an operation because it was full. Reported once per activation. */
  | { event: 'full' }
  /** Maintenance that a call does beside its own work has failed and is done later: a replay, or a poll for erased users. */
  | { event: 'stalled'; cause: unknown }
  /** Entries left the journal because the primary will never store them. */
  | { event: 'refused'; reason: RefusalReason; entries: number }
  /** The journal is empty. The counts are those since the activation; `ms` is the time since then, in milliseconds. */
  | { event: 'replayed'; accepted: number; replayed: number; refused: number; ms: number };

const ZERO_COUNTS: FailoverCounts = { activations: 0, accepted: 0, replayed: 0, refused: 0, turned_away: 0 };

/** Counts what the fallback of this instance does, and reports when it begins, refuses and ends. */
export class FailoverEvents {
  readonly #clock: Clock;
  readonly #onEvent: (event: FailoverEvent) => void;
  #counts = ZERO_COUNTS;
  #activation: { at: number; counts: FailoverCounts } | null = null;
  #isFull = false;

  constructor(clock: Clock, onEvent: (event: FailoverEvent) => void) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  get counts(): FailoverCounts {
    return { ...this.#counts };
  }

  /** Whether the journal has accepted an operation since {@link drained}. */
  get isActive(): boolean {
    return this.#activation !== null;
  }

  /** The journal has accepted an operation. */
  accepted(): void {
    if (!this.#activation) {
      this.#activation = { at: this.#clock(), counts: this.#counts };
      this.#add('activations');
      this.#onEvent({ event: 'activated' });
    }
    this.#add('accepted');
  }

  /** The journal did not accept an operation because it was full. */
  rejected(): void {
    this.#add('turned_away');
    if (!this.#isFull) this.#onEvent({ event: 'full' });
    this.#isFull = true;
  }

  /** Maintenance has failed. */
  stalled(cause: unknown): void {
    this.#onEvent({ event: 'stalled', cause });
  }

  /** Entries have left the journal. */
  settled(outcome: 'durable' | RefusalReason, entries = 1): void {
    this.#add(outcome === 'durable' ? 'replayed' : 'refused', entries);
    if (outcome !== 'durable') this.#onEvent({ event: 'refused', reason: outcome, entries });
  }

  /** The journal is empty. */
  drained(): void {
    if (!this.#activation) return;
    const { at, counts: before } = this.#activation;
    this.#activation = null;
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
