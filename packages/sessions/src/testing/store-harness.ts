import type { Limits, SessionStore } from '../index.ts';

/** An empty store, and what a test needs to control it and its time. */
export type StoreHarness = {
  readonly store: SessionStore;
  /** A second instance with the same data; null for a store that does not share its data. */
  readonly peer: SessionStore | null;
  readonly limits: Limits;
  /** False for a store that may accept an operation which other stores refuse at once, and then pass it on to a successor. */
  readonly decidesAtOnce: boolean;
  /** The time of the store in milliseconds, as far as a test can measure it. */
  now(): number;
  /** Moves the time of the store forward. */
  advance(ms: number): void;
  /** Resolves once the counters hold every stored message. */
  settle(): Promise<void>;
  /** Releases what the harness uses. */
  close(): Promise<void>;
};

/** Makes a harness. A limit that is absent has the value of `SMALL_LIMITS`. */
export type MakeHarness = (limits?: Partial<Limits>) => StoreHarness;

/** A part of the contract suite. Its tests open the harnesses that they need; the suite closes them after each test. */
export type StoreContract = (open: MakeHarness) => void;
