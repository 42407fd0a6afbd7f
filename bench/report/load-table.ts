import type { Load, LoadResult } from '../load/bench-load.ts';
import type { CpuCost } from '../load/compare.ts';
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
  return [sentence, table(['', ...columns.map(([name]) => name)], rows), ...cpuTable(results)].join('\n\n');
}

function cpuTable(results: readonly LoadResult[]): string[] {
  const rows = results.flatMap(({ call, cpu }) =>
    cpu === undefined ? [] : [[call, exact(cpu.oursMs), exact(cpu.bareMs), own(cpu)]],
  );
  if (rows.length === 0) return [];
  const sentence =
    'CPU of the instance for one call, with one caller and no delay, beside a callable that asks the same of Firestore and does nothing else; in brackets the quartiles of the rounds.';
  return [sentence, table(['', 'CPU ms', 'bare, CPU ms', 'our own code, CPU ms'], rows)];
}

function own({ ownMs, ownQuartilesMs }: CpuCost): string {
  return `${exact(ownMs)} (${ownQuartilesMs.map(exact).join('–')})`;
}

function exact(ms: number): string {
  return ms.toFixed(2);
}
