import type { ColdStartResult } from '../cold-start/bench-cold-start.ts';
import type { ContentionResult } from '../contention/bench-contention.ts';
import type { JobResult } from '../jobs/bench-jobs.ts';
import type { LoadResult } from '../load/bench-load.ts';
import type { TurnCost, TurnResult } from '../turn/turn-result.ts';
import { MEBIBYTE, short, table } from './format.ts';

/** The results of all benchmarks that have targets. */
export type Results = {
  turn: TurnResult[];
  contention: ContentionResult[];
  'cold-start': ColdStartResult[];
  load: LoadResult[];
  jobs: JobResult[];
};

type Target = [target: string, measured: string, isMet: boolean];

const OURS = 'kb-sessions, addMessage twice';

export const targetsTable = (results: Results): string => {
  const targets = [
    ...turnTargets(results),
    ...contentionTargets(results),
    ...cpuTargets(results),
    ...jobTargets(results),
  ];
  const rows = targets.map(([target, measured, isMet]) => [target, measured, isMet ? 'yes' : '**no**']);
  return table(['', 'measured', 'met'], rows);
};

const turnTargets = ({ turn }: Results): Target[] => {
  const ours = find(turn, 'peer', OURS);
  const costs = Object.values(ours.sizes).filter((cost) => typeof cost === 'object');
  const max = (select: (cost: TurnCost) => number) => Math.max(...costs.map(select));
  const [trips, reads, writes] = [
    max((cost) => cost.trips),
    max((cost) => cost.reads),
    max((cost) => cost.writes),
  ];
  const kept = ours.guarantees.filter(({ found }) => found === null).length;
  const ratios = costs.map(({ vsFloorA }) => vsFloorA);
  const bytes = costs.map(({ bytesUp, bytesDown }) => bytesUp + bytesDown);
  const [minBytes, maxBytes] = [Math.min(...bytes), Math.max(...bytes)];
  const faster = turn.filter((peer) => isRival(peer) && isFaster(peer, ours)).map(({ peer }) => peer);
  return [
    [
      'a turn by single calls: at most 4 trips, 2 documents read, 4 written, at any length',
      [trips, reads, writes].map(short).join(' / '),
      trips <= 4 && reads <= 2 && writes <= 4,
    ],
    ['with every guarantee', `${kept} of ${ours.guarantees.length}`, kept === ours.guarantees.length],
    ['in at most 1.4 × floor A', ratios.map(short).join(' / '), Math.max(...ratios) <= 1.4],
    [
      'faster than every peer that keeps *durable question* and *two writers*',
      faster.length === 0 ? 'than all' : `slower than ${faster.join(', ')}`,
      faster.length === 0,
    ],
    [
      'the same bytes per turn at any length',
      `${short(minBytes / 1000)} to ${short(maxBytes / 1000)} KB`,
      maxBytes <= 1.01 * minBytes,
    ],
  ];
};

/** Whether a peer stores the question before the answer and keeps two writers apart. */
const isRival = ({ kind, guarantees }: TurnResult): boolean => {
  const keeps = (name: string) =>
    guarantees.some(({ guarantee, found }) => guarantee === name && found === null);
  return kind !== 'ours' && kind !== 'floor' && keeps('durable question') && keeps('two writers');
};

/** Whether a peer is faster than ours in sessions of any of the lengths. */
const isFaster = (peer: TurnResult, ours: TurnResult): boolean =>
  Object.entries(ours.sizes).some(([size, cost]) => {
    const other = peer.sizes[Number(size)];
    return typeof cost === 'object' && typeof other === 'object' && other.ms < cost.ms;
  });

const contentionTargets = ({ contention }: Results): Target[] => {
  const byTwenty = (peer: string) => {
    const result = find(contention, 'peer', peer).writers[20];
    if (typeof result !== 'object')
      throw new Error(`20 writers of ${peer} must be measured, found ${result}`);
    return result;
  };
  const [servers, oneServer] = [byTwenty(OURS), byTwenty(`${OURS}, one server`)];
  const damage = [servers, oneServer].map(
    ({ lost, duplicated, misordered }) => lost + duplicated + misordered,
  );
  const within2s = (target: string, p99Ms: number): Target => [target, `${short(p99Ms)} ms`, p99Ms < 2000];
  return [
    [
      '20 writers: no message lost, repeated or out of order',
      damage.map(short).join(' / '),
      damage.every((count) => count === 0),
    ],
    within2s('20 callers of one server: 99 % of turns within 2 s', oneServer.p99Ms),
    within2s('20 servers: 99 % of turns within 2 s', servers.p99Ms),
  ];
};

const cpuTargets = ({ 'cold-start': coldStart, load }: Results): Target[] => {
  const answeredMs = (name: string) => find(coldStart, 'name', `kb-sessions, ${name}`).answeredMs;
  const fasterStart = (target: string, name: string): Target => {
    const saved = 1 - answeredMs(name) / answeredMs('unbundled');
    // Rounded down, so that a missed target never shows as 30 %.
    return [target, `${Math.floor(100 * saved)} %`, saved >= 0.3];
  };
  const own = load.flatMap(({ cpu }) => (cpu ? [cpu.ownMs] : []));
  return [
    fasterStart('the first answer 30 % faster than unbundled', 'one file and what V8 compiled of it'),
    fasterStart('the same without the code cache, on another version of V8', 'one file alone'),
    [
      'our own code below 0.5 ms of CPU time per call',
      `${own.map(short).join(' / ')} ms`,
      own.every((ms) => ms < 0.5),
    ],
  ];
};

const jobTargets = ({ jobs }: Results): Target[] => {
  const expiry = jobs.filter(({ job }) => job === 'expireSessions');
  const [smallest, largest] = [expiry[0], expiry.at(-1)];
  if (!smallest || !largest) throw new Error('expireSessions must be measured, found nothing');
  const { done, ms, runs, peakRss, firstHalfRss } = largest;
  return [
    [
      '100,000 sessions expired in one run of 9 minutes',
      `${short(done)} in ${short(ms / 1000)} s, in ${short(runs)} run`,
      done >= 100_000 && runs === 1 && ms < 9 * 60_000,
    ],
    [
      'with at most a third more memory than 1,000',
      `${short((peakRss - smallest.peakRss) / MEBIBYTE)} MiB more than ${short(smallest.peakRss / MEBIBYTE)}`,
      peakRss <= (4 / 3) * smallest.peakRss,
    ],
    [
      'with at most 5 % more memory in the second half than in the first',
      `${short(peakRss / MEBIBYTE)} after ${short(firstHalfRss / MEBIBYTE)} MiB`,
      peakRss <= 1.05 * firstHalfRss,
    ],
  ];
};

const find = <Key extends string, Result extends Record<Key, string>>(
  results: readonly Result[],
  key: Key,
  name: string,
): Result => {
  const found = results.find((result) => result[key] === name);
  if (!found) throw new Error(`${name} must be measured, found nothing of that name`);
  return found;
};
