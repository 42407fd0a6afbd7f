import { type BenchContext, DELAY_MS } from './bench-context.ts';
import { benchColdStart } from './cold-start/bench-cold-start.ts';
import { benchContention } from './contention/bench-contention.ts';
import { benchJobs } from './jobs/bench-jobs.ts';
import { benchLoad } from './load/bench-load.ts';
import { peers } from './peers/all.ts';
import type { Peer } from './peers/peer.ts';
import { benchScale } from './scale/bench-scale.ts';
import { benchTurn } from './turn/bench-turn.ts';

type RunOptions = {
  /** Measure briefly. */
  quick: boolean;
  /** Measure floor A and the peers whose name contains this text. */
  only: string;
};

/** A benchmark. `report/tables.ts` has the table of its results. */
type Benchmark = {
  name: string;
  run(context: BenchContext, options: RunOptions): Promise<BenchmarkRun>;
};

type BenchmarkRun = {
  results: unknown;
  /** The number and length of the measurements. */
  how: string;
  /** The delay of each RPC in the proxy, in milliseconds. */
  delayMs: number;
};

const isFloorA = ({ name }: Peer): boolean => name.startsWith('floor A');

const selected = (only: string): Peer[] => peers.filter((peer) => peer.name.includes(only) || isFloorA(peer));

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'turn',
    async run(context, { quick, only }) {
      const runs = quick ? 3 : 25;
      const sizes = quick ? [30] : [30, 300, 3000];
      const results = await benchTurn(context, { peers: selected(only), sizes, runs });
      return { results, how: `medians of ${runs} runs, interleaved`, delayMs: DELAY_MS };
    },
  },
  {
    name: 'contention',
    async run(context, { quick, only }) {
      const seconds = quick ? 1 : 4;
      const writers = [
        { count: 2, rounds: 1 },
        { count: 5, rounds: 1 },
        ...(quick ? [] : [{ count: 20, rounds: 2 }]),
      ];
      // The other floors bound the time of one turn, and say nothing of concurrent ones.
      const contenders = selected(only).filter((peer) => peer.kind !== 'floor' || isFloorA(peer));
      const warmUp = peers.find(isFloorA);
      if (warmUp === undefined) throw new Error('floor A is required, found none');
      const results = await benchContention(context, { warmUp, peers: contenders, writers, seconds });
      const how = `turns begun for ${seconds} s${quick ? '' : ', by 20 writers twice'}`;
      return { results, how, delayMs: DELAY_MS };
    },
  },
  {
    name: 'cold-start',
    async run(context, { quick }) {
      const runs = quick ? 3 : 20;
      const results = await benchColdStart(context, runs);
      return { results, how: `medians of ${runs} starts, interleaved`, delayMs: DELAY_MS };
    },
  },
  {
    name: 'load',
    async run(context, { quick }) {
      const seconds = quick ? 1 : 4;
      const results = await benchLoad(context, { callers: [1, 16, 80], seconds });
      return { results, how: `${seconds} s each`, delayMs: DELAY_MS };
    },
  },
  {
    name: 'jobs',
    async run(context, { quick }) {
      const results = await benchJobs(context, quick ? [1000] : [1000, 10_000, 100_000]);
      return { results, how: 'each once', delayMs: 0 };
    },
  },
  {
    name: 'scale',
    async run(context, { only }) {
      const others = selected(only).filter(
        (peer) => peer.kind !== 'ours' && (peer.kind !== 'floor' || isFloorA(peer)),
      );
      const results = await benchScale(context, others);
      return { results, how: 'each once, for two users', delayMs: 0 };
    },
  },
];
