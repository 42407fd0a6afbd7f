import type { Limits, SessionStore } from '../index.ts';

/** A store without data, the time it goes by, and what a test needs to move that time. */
export type StoreHarness = {
  readonly store: SessionStore;
  /** A second instance over the same data; null for a store that shares its data with nobody. */
  readonly peer: SessionStore | null;
  readonly limits: Limits;
  /** False for a store that may accept what it then passes on to a successor, where another refuses at once. */
  readonly decidesAtOnce: boolean;
  /** The store's time in milliseconds, as near as can be told from outside. */
  now(): number;
  advance(ms: number): void;
  /** After this the counters hold everything that was stored. */
  settle(): Promise<void>;
  close(): Promise<void>;
};

/** Limits that are not given are the small ones. */
export type MakeHarness = (limits?: Partial<Limits>) => StoreHarness;

/** A part of the contract suite: tests that open the harnesses they need, which are closed after each test. */
export type StoreContract = (open: MakeHarness) => void;
