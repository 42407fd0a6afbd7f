import { guarantees } from '../guarantees/all.ts';
import { absent } from '../peers/absent.ts';
import type { TurnCost, TurnResult } from '../turn/turn-result.ts';
import { short, table, together } from './table.ts';

/** What a turn costs, what is guaranteed, and what is behind it. */
export function turnTables(results: readonly TurnResult[]): string {
  const sizes = Object.keys(results[0]?.sizes ?? {}).map(Number);
  return [
    `One turn in a session of ${sizes.map(short).join(' / ')} messages; one number where they are the same.`,
    costs(results, sizes),
    ...notes(results),
    'What is kept (a check per column, run with the above):',
    kept(results),
    guarantees.map(({ name, promise }) => `- **${name}**: ${promise}.`).join('\n'),
    broken(results),
    'Not compared:',
    absent.map(({ name, because }) => `- ${name}: ${because}.`).join('\n'),
  ].join('\n\n');
}

function costs(results: readonly TurnResult[], sizes: readonly number[]): string {
  const columns: readonly (readonly [string, (cost: TurnCost) => string])[] = [
    ['RPCs', ({ rpcs }) => short(rpcs)],
    ['trips', ({ trips }) => short(trips)],
    ['reads', ({ reads }) => short(reads)],
    ['writes', ({ writes }) => short(writes)],
    ['KB up', ({ bytesUp }) => short(bytesUp / 1000)],
    ['KB down', ({ bytesDown }) => short(bytesDown / 1000)],
    ['ms', ({ ms }) => Math.round(ms).toLocaleString('en')],
    ['× floor A', ({ vsFloorA }) => vsFloorA.toFixed(2)],
  ];
  const rows = results.map((result) => [
    nameOf(result),
    ...columns.map(([, show]) =>
      together(
        sizes.map((size) => {
          const cost = result.sizes[size];
          return cost === undefined || typeof cost === 'string' ? '–' : show(cost);
        }),
      ),
    ),
  ]);
  return table(['', ...columns.map(([name]) => name)], rows);
}

function notes(results: readonly TurnResult[]): string[] {
  const lines = results.flatMap(({ peer, sizes }) =>
    Object.entries(sizes).flatMap(([size, cost]) =>
      typeof cost === 'string' ? [`- ${peer} at ${short(Number(size))} messages: ${oneLine(cost)}`] : [],
    ),
  );
  return lines.length === 0 ? [] : ['Not possible (–):', lines.join('\n')];
}

function kept(results: readonly TurnResult[]): string {
  const rows = results.map((result) => [
    nameOf(result),
    ...result.guarantees.map(({ found }) => (found === null ? 'yes' : 'no')),
  ]);
  return table(['', ...guarantees.map(({ name }) => name)], rows);
}

function broken(results: readonly TurnResult[]): string {
  const lines = results.flatMap(({ peer, guarantees }) => {
    const found = guarantees.flatMap(({ guarantee, found }) =>
      found === null ? [] : [`${guarantee}: ${oneLine(found)}`],
    );
    return found.length === 0 ? [] : [`- ${peer}: ${found.join('; ')}.`];
  });
  return `<details><summary>What was found instead</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

function nameOf({ peer, kind }: TurnResult): string {
  return kind === 'ours' ? `**${peer}**` : peer;
}

const LONGEST = 160;

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
