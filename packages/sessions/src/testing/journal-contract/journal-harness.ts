import type { Journal, JournalBounds } from '../../journal/journal.ts';

/** A journal in which nothing waits. */
export type JournalHarness = {
  readonly journal: Journal;
  /** A second instance on the same data; null for a journal that shares its data with nobody. */
  readonly peer: Journal | null;
  /** Whether all of it is there: of a journal that has a part elsewhere, what waits there is out of reach in an outage. */
  readonly isComplete: boolean;
  /** The CPU time, in milliseconds, that another process has used for the journal; absent if there is none. */
  cpuMs?(): Promise<number>;
  close(): Promise<void>;
};

export const ROOMY: JournalBounds = { entries: 1000, bytes: 10_000_000 };

/** Bounds that are not given are the {@link ROOMY} ones. */
export type MakeJournalHarness = (bounds?: Partial<JournalBounds>) => Promise<JournalHarness>;

/** A part of the contract suite: tests that open the harnesses they need, which are closed after each test. */
export type JournalContract = (open: MakeJournalHarness) => void;
