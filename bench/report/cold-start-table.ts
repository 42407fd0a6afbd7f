import type { ColdStartResult } from '../cold-start/bench-cold-start.ts';
import { short, table } from './table.ts';

const MEBIBYTE = 1024 * 1024;

/** What a fresh process takes until it has loaded, and until it has answered. */
export function coldStartTable(results: readonly ColdStartResult[]): string {
  const rows = results.map(({ name, kind, importMs, importRss, answeredMs, answeredRss }) => [
    kind === 'ours' ? `**${name}**` : name,
    short(importMs),
    short(importRss / MEBIBYTE),
    short(answeredMs),
    short(answeredRss / MEBIBYTE),
  ]);
  return table(['', 'import ms', 'MiB then', 'first answer ms', 'MiB then'], rows);
}
