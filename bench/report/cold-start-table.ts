import type { ColdStartResult } from '../cold-start/bench-cold-start.ts';
import { short, table } from './table.ts';

const MEGABYTE = 1024 * 1024;

/** What a fresh process takes until it has loaded, and until it has answered. */
export function coldStartTable(results: readonly ColdStartResult[]): string {
  const rows = results.map(({ name, importMs, importRss, answeredMs, answeredRss }) => [
    name,
    short(importMs),
    short(importRss / MEGABYTE),
    short(answeredMs),
    short(answeredRss / MEGABYTE),
  ]);
  return table(['', 'import ms', 'MB then', 'first answer ms', 'MB then'], rows);
}
