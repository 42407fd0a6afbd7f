import type { Mutant } from './broken/mistake.ts';
import { OUTAGE_MUTANTS } from './broken/outages.ts';
import { WRITE_MUTANTS } from './broken/writes.ts';

/** Mistakes that are easily made: the simulation is worth as much as it finds them. */
export const MUTANTS: Record<string, Mutant> = { ...WRITE_MUTANTS, ...OUTAGE_MUTANTS };
