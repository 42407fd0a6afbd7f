import { type Line, nameOf } from './journal.ts';

/** How many refused ids are remembered; the oldest are forgotten first. Who offers one again then asks the primary itself. */
export const REFUSED_IDS = 10_000;

/** What a refused id is remembered by: on another line the same id says nothing. */
export const refusedKey = (line: Line, id: string): string => `${nameOf(line)} ${id}`;
