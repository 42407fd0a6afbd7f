import type { Mutant } from './mutants/mutant.ts';
import { OUTAGE_MUTANTS } from './mutants/outage-mutants.ts';
import { WRITE_MUTANTS } from './mutants/write-mutants.ts';

/** Mistakes that are easily made: the simulation is worth as much as it finds them. */
export const MUTANTS: Record<string, Mutant> = { ...WRITE_MUTANTS, ...OUTAGE_MUTANTS };
