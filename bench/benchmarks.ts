import { type BenchContext, DELAY_MS } from './bench-context.ts';
import { benchColdStart } from './cold-start/bench-cold-start.ts';
import { benchContention } from './contention/bench-contention.ts';
import { benchJobs } from './jobs/bench-jobs.ts';
import { benchLoad } from './load/bench-load.ts';
import { peers } from './peers/all.ts';
import type { Peer } from './peers/peer.ts';
import { benchScale } from './scale/bench-scale.ts';
import { benchTurn } from './turn/bench-turn.ts';

export interface RunOptions {
  /** Measures little: to see that it runs. */
  readonly quick: boolean;
  /** Peers whose name has this in it, and floor A; empty for all. */
  readonly only: string;
}

/** A benchmark; `report/tables.ts` says what is shown of its results. */
export interface Benchmark {
  readonly name: string;
  run(stage: BenchContext, options: RunOptions): Promise<Measured>;
}

export interface Measured {
  readonly results: unknown;
  /** How often, how long. */
  readonly how: string;
  /** What each RPC waits in the proxy, in milliseconds. */
  readonly delayMs: number;
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'turn',
    async run(stage, { quick, only }) {
      const runs = quick ? 3 : 25;
      const sizes = quick ? [30] : [30, 300, 3000];
      const results = await benchTurn(stage, { peers: chosen(only), sizes, runs });
      return { results, how: `medians of ${runs} runs, interleaved`, delayMs: DELAY_MS };
    },
  },
  {
    name: 'contention',
    async run(stage, { quick, only }) {
      const seconds = quick ? 1 : 4;
      const writers = [
        { count: 2, rounds: 1 },
        { count: 5, rounds: 1 },
        ...(quick ? [] : [{ count: 20, rounds: 2 }]),
      ];
      // The other floors say what one turn takes at least, and nothing of many.
      const contenders = chosen(only).filter(({ kind, name }) => kind !== 'floor' || isFloorA(name));
      const warmUp = peers.find(({ name }) => isFloorA(name));
      if (warmUp === undefined) throw new Error('floor A is needed, found none');
      const results = await benchContention(stage, { warmUp, peers: contenders, writers, seconds });
      const how = `turns begun for ${seconds} s${quick ? '' : ', by 20 writers twice'}`;
      return { results, how, delayMs: DELAY_MS };
    },
  },
  {
    name: 'cold-start',
    async run(stage, { quick }) {
      const runs = quick ? 3 : 20;
      const results = await benchColdStart(stage, runs);
      return { results, how: `medians of ${runs} starts, in turn`, delayMs: DELAY_MS };
    },
  },
  {
    name: 'load',
    async run(stage, { quick }) {
      const seconds = quick ? 1 : 4;
      const results = await benchLoad(stage, { callers: [1, 16, 80], seconds });
      return { results, how: `${seconds} s each`, delayMs: DELAY_MS };
    },
  },
  {
    name: 'jobs',
    async run(stage, { quick }) {
      const results = await benchJobs(stage, quick ? [1000] : [1000, 10_000, 100_000]);
      return { results, how: 'each once', delayMs: 0 };
    },
  },
  {
    name: 'scale',
    async run(stage, { only }) {
      const others = chosen(only).filter(
        ({ kind, name }) => kind !== 'ours' && (kind !== 'floor' || isFloorA(name)),
      );
      const results = await benchScale(stage, others);
      return { results, how: 'each once, for two users', delayMs: 0 };
    },
  },
];

function chosen(only: string): Peer[] {
  return peers.filter(({ name }) => name.includes(only) || isFloorA(name));
}

function isFloorA(name: string): boolean {
  return name.startsWith('floor A');
}
