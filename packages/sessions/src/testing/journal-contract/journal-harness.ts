import type { Journal, JournalBounds } from '../../journal/journal.ts';

/** An empty journal, and what a test needs to know about it. */
export type JournalHarness = {
  readonly journal: Journal;
  /** A second instance with the same data; null for a journal that does not share its data. */
  readonly peer: Journal | null;
  /** Whether the whole journal is available. A journal with a shared part is incomplete while that part is unavailable. */
  readonly isComplete: boolean;
  /** The CPU time, in milliseconds, that another process has used for the journal; absent if there is none. */
  cpuMs?(): Promise<number>;
  /** Releases what the harness uses. */
  close(): Promise<void>;
};

/** Bounds that no test reaches unless it changes them. */
export const ROOMY: JournalBounds = { entries: 1000, bytes: 10_000_000 };

/** Makes a harness. A bound that is absent has the value of {@link ROOMY}. */
export type MakeJournalHarness = (bounds?: Partial<JournalBounds>) => Promise<JournalHarness>;

/** A part of the contract suite. Its tests open the harnesses that they need; the suite closes them after each test. */
export type JournalContract = (open: MakeJournalHarness) => void;
