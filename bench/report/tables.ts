import type { ColdStartResult } from '../cold-start/bench-cold-start.ts';
import type { ContentionResult } from '../contention/bench-contention.ts';
import type { Contention } from '../contention/contention-result.ts';
import { guarantees } from '../guarantees/guarantees.ts';
import type { JobResult } from '../jobs/bench-jobs.ts';
import type { Load, LoadResult } from '../load/bench-load.ts';
import { sumOf } from '../stats.ts';
import type { TurnCost, TurnResult } from '../turn/turn-result.ts';
import { cell, MEBIBYTE, short, table } from './format.ts';
import { type Conditions, parseMeasurement } from './measurement.ts';

/** A column of a table, and the format of its values. */
type Column<Value> = [name: string, format: (value: Value) => string];

/** Returns the values of a row, one per size or count. A dash stands for a value that is missing or not possible. */
const cells = <Value extends object>(
  values: readonly (Value | string | undefined)[],
  columns: Column<Value>[],
) => columns.map(([, format]) => values.map((value) => (typeof value === 'object' ? format(value) : '–')));

const names = <Value>(columns: Column<Value>[]): string[] => ['', ...columns.map(([name]) => name)];

const bold = (name: string, kind: string): string => (kind === 'ours' ? `**${name}**` : name);

const keysOf = (record: object = {}): number[] => Object.keys(record).map(Number);

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

/** Systems that are not compared, and the reason. */
const NOT_COMPARED = [
  '@google/adk 2.0.0: its session services keep sessions in memory, in SQL databases or in Vertex AI, not in Firestore.',
  '@openai/agents 0.20.0: its sessions are in memory or at OpenAI, not in Firestore.',
  "LangGraph's own checkpointers: they use SQLite, Postgres, MongoDB or Redis. The only one on npm for Firestore is in the table.",
];

const turnTables = (results: readonly TurnResult[]): string => {
  const sizes = keysOf(results[0]?.sizes);
  const columns: Column<TurnCost>[] = [
    ['RPCs', ({ rpcs }) => short(rpcs)],
    ['trips', ({ trips }) => short(trips)],
    ['reads', ({ reads }) => short(reads)],
    ['writes', ({ writes }) => short(writes)],
    ['KB up', ({ bytesUp }) => short(bytesUp / 1000)],
    ['KB down', ({ bytesDown }) => short(bytesDown / 1000)],
    ['ms', ({ ms }) => Math.round(ms).toLocaleString('en')],
    ['× floor A', ({ vsFloorA }) => vsFloorA.toFixed(2)],
  ];
  const costs = results.map((result) => {
    const values = sizes.map((size) => result.sizes[size]);
    return [bold(result.peer, result.kind), ...cells(values, columns).map(cell)];
  });
  const impossible = results.flatMap(({ peer, sizes }) =>
    Object.entries(sizes).flatMap(([size, cost]) =>
      typeof cost === 'string' ? [`${peer} at ${short(Number(size))} messages: ${oneLine(cost)}`] : [],
    ),
  );
  const verdicts = results.map((result) => [
    bold(result.peer, result.kind),
    ...result.guarantees.map(({ found }) => (found === null ? 'yes' : 'no')),
  ]);
  const violations = results.flatMap(({ peer, guarantees }) => {
    const found = guarantees.flatMap(({ guarantee, found }) =>
      found === null ? [] : [`${guarantee}: ${oneLine(found)}`],
    );
    return found.length === 0 ? [] : [`${peer}: ${found.join('; ')}.`];
  });
  return [
    `One turn in a session of ${sizes.map(short).join(' / ')} messages; one number if all are equal.`,
    table(names(columns), costs),
    ...(impossible.length === 0 ? [] : ['Not possible (–):', list(impossible)]),
    'Guarantees (one check per column, in the same run):',
    table(['', ...guarantees.map(({ name }) => name)], verdicts),
    list(guarantees.map(({ name, promise }) => `**${name}**: ${promise}.`)),
    `<details><summary>Violations</summary>\n\n${list(violations)}\n\n</details>`,
    'Not compared:',
    list(NOT_COMPARED),
  ].join('\n\n');
};

const MAX_LENGTH = 160;

const oneLine = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
};

const contentionTable = (results: readonly ContentionResult[]): string => {
  const counts = keysOf(results[0]?.writers);
  const latency = (ms: number, turns: number) => (turns === 0 ? '–' : Math.round(ms).toLocaleString('en'));
  const columns: Column<Contention>[] = [
    ['messages/s', ({ messagesPerSecond }) => short(messagesPerSecond)],
    ['p50 ms', ({ turns, p50Ms }) => latency(p50Ms, turns)],
    ['p99 ms', ({ turns, p99Ms }) => latency(p99Ms, turns)],
    ['failed turns', ({ failed, turns }) => (failed === 0 ? '0' : `${failed} of ${failed + turns}`)],
    ['lost', ({ lost }) => String(lost)],
    ['repeated', ({ duplicated }) => String(duplicated)],
    ['out of order', ({ misordered }) => String(misordered)],
  ];
  const rows = results.map(({ peer, kind, writers }) => {
    const values = counts.map((count) => writers[count]);
    return [bold(peer, kind), ...cells(values, columns).map((parts) => parts.join(' / '))];
  });
  return [
    `${counts.join(' / ')} writers take turns in one session. Each is a server of its own, except in the rows "one server". Messages/s counts the turns that ended while turns were still begun; the latencies are those of all successful turns.`,
    table(names(columns), rows),
  ].join('\n\n');
};

const coldStartTable = (results: readonly ColdStartResult[]): string => {
  const columns: Column<ColdStartResult>[] = [
    ['import ms', ({ importMs }) => short(importMs)],
    ['MiB after it', ({ importRss }) => short(importRss / MEBIBYTE)],
    ['first answer ms', ({ answeredMs }) => short(answeredMs)],
    ['MiB after it', ({ answeredRss }) => short(answeredRss / MEBIBYTE)],
  ];
  const rows = results.map((result) => [
    bold(result.name, result.kind),
    ...columns.map(([, format]) => format(result)),
  ]);
  return table(names(columns), rows);
};

const loadTables = (results: readonly LoadResult[]): string => {
  const counts = keysOf(results[0]?.callers);
  const columns: Column<Load>[] = [
    ['requests/s', ({ requestsPerSecond }) => short(requestsPerSecond)],
    ['p50 ms', ({ p50Ms }) => short(p50Ms)],
    ['p99 ms', ({ p99Ms }) => short(p99Ms)],
  ];
  const rows = results.map(({ call, callers }) => {
    const values = counts.map((count) => callers[count]);
    return [call, ...cells(values, columns).map((parts) => parts.join(' / '))];
  });
  const exact = (ms: number) => ms.toFixed(2);
  const cpuRows = results.flatMap(({ call, cpu }) => {
    if (cpu === undefined) return [];
    const own = `${exact(cpu.ownMs)} (${cpu.ownQuartilesMs.map(exact).join('–')})`;
    return [[call, exact(cpu.oursMs), exact(cpu.bareMs), own]];
  });
  return [
    `${counts.join(' / ')} concurrent callers, each with a session of its own.`,
    table(names(columns), rows),
    'CPU time of the instance per call, with one caller and no delay, beside a callable that makes the same RPCs and does nothing else; in brackets the quartiles of the rounds.',
    table(['', 'CPU ms', 'bare, CPU ms', 'our own code, CPU ms'], cpuRows),
  ].join('\n\n');
};

const jobsTable = (results: readonly JobResult[]): string => {
  const columns: Column<JobResult>[] = [
    ['documents', ({ documents }) => short(documents)],
    ['done', ({ done, documents }) => (done === documents ? 'all' : short(done))],
    ['s', ({ ms }) => short(ms / 1000)],
    ['documents/s', ({ done, ms }) => short((done / ms) * 1000)],
    ['runs', ({ runs }) => short(runs)],
    ['RPCs', ({ cost }) => short(sumOf(Object.values(cost.rpcs), (count) => count))],
    ['read', ({ cost }) => short(cost.reads)],
    ['written', ({ cost }) => short(cost.writes + cost.deletes)],
    ['peak MiB', ({ peakRss }) => short(peakRss / MEBIBYTE)],
    ['in the first half', ({ firstHalfRss }) => short(firstHalfRss / MEBIBYTE)],
    ['heap', ({ peakHeap }) => short(peakHeap / MEBIBYTE)],
  ];
  const rows = results.map((result) => [result.job, ...columns.map(([, format]) => format(result))]);
  return table(names(columns), rows);
};

const conditionsText = ({ date, commit, node, cpus, model, delayMs, how }: Conditions): string => {
  const sources = commit ? `, commit ${commit}` : '';
  return `${date}${sources}, Node ${node}, ${cpus} × ${model}, ${delayMs} ms of delay per RPC; ${how}.`;
};

/** Makes the text of README.md about a measurement from its JSON. */
type Show = (json: string) => string;

const show =
  <Results>(text: (results: Results) => string): Show =>
  (json) => {
    const { conditions, results } = parseMeasurement<Results>(json);
    return `${conditionsText(conditions)}\n\n${text(results)}`;
  };

/** By the name of the benchmark, which is also the name of the markers in README.md. */
export const tables: Record<string, Show> = {
  turn: show(turnTables),
  contention: show(contentionTable),
  'cold-start': show(coldStartTable),
  load: show(loadTables),
  jobs: show(jobsTable),
};
