import type { Load, LoadResult } from '../load/bench-load.ts';
import { short, table } from './table.ts';

/** What one instance takes. */
export function loadTable(results: readonly LoadResult[]): string {
  const counts = Object.keys(results[0]?.callers ?? {}).map(Number);
  const columns: readonly (readonly [string, (load: Load) => string])[] = [
    ['requests/s', ({ requestsPerSecond }) => short(requestsPerSecond)],
    ['p50 ms', ({ p50Ms }) => short(p50Ms)],
    ['p99 ms', ({ p99Ms }) => short(p99Ms)],
  ];
  const rows = results.map(({ call, callers }) => [
    call,
    ...columns.map(([, show]) =>
      counts
        .map((count) => {
          const load = callers[count];
          return load === undefined ? '–' : show(load);
        })
        .join(' / '),
    ),
  ]);
  const sentence = `${counts.join(' / ')} callers at once, each with a session of its own.`;
  return [sentence, table(['', ...columns.map(([name]) => name)], rows)].join('\n\n');
}
