import type { Variant } from '../variant.ts';

/** A world with a mistake in it, and what the simulation says of that. */
export type Mutant = { variant: Variant; shows: RegExp };
