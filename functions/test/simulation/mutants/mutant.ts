import type { Variant } from '../variant.ts';

/** A mistake in what is simulated. */
export type Mutant = {
  variant: Variant;
  /** The violations that the simulation reports for it. */
  shows: RegExp;
  /** The first run of the tests' seed that shows it, from 1. */
  run: number;
};
