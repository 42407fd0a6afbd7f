import type { Mistake } from './broken/mistake.ts';
import { BROKEN_OUTAGES } from './broken/outages.ts';
import { BROKEN_WRITES } from './broken/writes.ts';

/** Mistakes that are easily made: the simulation is worth as much as it finds them. */
export const BROKEN: Record<string, Mistake> = { ...BROKEN_WRITES, ...BROKEN_OUTAGES };
