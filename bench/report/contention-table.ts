import type { ContentionResult } from '../contention/bench-contention.ts';
import type { Contention } from '../contention/contention.ts';
import { short, table } from './table.ts';

/** What writers get done in one session, and what becomes of it. */
export function contentionTable(results: readonly ContentionResult[]): string {
  const counts = Object.keys(results[0]?.writers ?? {}).map(Number);
  const columns: readonly (readonly [string, (contention: Contention) => string])[] = [
    ['messages/s', ({ messagesPerSecond }) => short(messagesPerSecond)],
    ['p50 ms', ({ turns, p50Ms }) => (turns === 0 ? '–' : ms(p50Ms))],
    ['p99 ms', ({ turns, p99Ms }) => (turns === 0 ? '–' : ms(p99Ms))],
    ['failed turns', ({ failed, turns }) => (failed === 0 ? '0' : `${failed} of ${failed + turns}`)],
    ['lost', ({ lost }) => String(lost)],
    ['repeated', ({ duplicated }) => String(duplicated)],
    ['out of order', ({ misordered }) => String(misordered)],
  ];
  const rows = results.map(({ peer, kind, writers }) => [
    kind === 'ours' ? `**${peer}**` : peer,
    ...columns.map(([, show]) =>
      counts
        .map((count) => {
          const contention = writers[count];
          return contention === undefined || typeof contention === 'string' ? '–' : show(contention);
        })
        .join(' / '),
    ),
  ]);
  return [
    `${counts.join(' / ')} writers, each a server of its own unless it says one server, take turns in one session. Messages/s are of turns that ended while turns were still begun, latencies of all turns that succeeded.`,
    table(['', ...columns.map(([name]) => name)], rows),
  ].join('\n\n');
}

function ms(value: number): string {
  return Math.round(value).toLocaleString('en');
}
