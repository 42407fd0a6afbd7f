import { benchColdStart } from './cold-start/bench-cold-start.ts';
import { benchContention } from './contention/bench-contention.ts';
import { benchLoad } from './load/bench-load.ts';
import { peers } from './peers/all.ts';
import type { Peer } from './peers/peer.ts';
import { coldStartTable } from './report/cold-start-table.ts';
import { conditions } from './report/conditions.ts';
import { contentionTable } from './report/contention-table.ts';
import { loadTable } from './report/load-table.ts';
import { turnTables } from './report/turn-tables.ts';
import type { Stage } from './stage.ts';
import { benchTurn } from './turn/bench-turn.ts';

export interface RunOptions {
  /** Measures little: to see that it runs. */
  readonly quick: boolean;
  /** Peers whose name has this in it, and floor A; empty for all. */
  readonly only: string;
}

/** A benchmark; its tables stand in README.md between markers of its name. */
export interface Benchmark {
  readonly name: string;
  run(stage: Stage, options: RunOptions): Promise<{ results: unknown; tables: string }>;
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'turn',
    async run(stage, { quick, only }) {
      const runs = quick ? 3 : 25;
      const sizes = quick ? [30] : [30, 300, 3000];
      const results = await benchTurn(stage, { peers: chosen(only), sizes, runs });
      const tables = `${conditions(`medians of ${runs} runs, interleaved`)}\n\n${turnTables(results)}`;
      return { results, tables };
    },
  },
  {
    name: 'contention',
    async run(stage, { quick, only }) {
      const seconds = quick ? 1 : 4;
      const writers = quick ? [2, 5] : [2, 5, 20];
      // The other floors say what one turn takes at least, and nothing of many.
      const contenders = chosen(only).filter(({ kind, name }) => kind !== 'floor' || isFloorA(name));
      const results = await benchContention(stage, { peers: contenders, writers, seconds });
      const tables = `${conditions(`turns begun for ${seconds} s`)}\n\n${contentionTable(results)}`;
      return { results, tables };
    },
  },
  {
    name: 'cold-start',
    async run(stage, { quick }) {
      const runs = quick ? 3 : 20;
      const results = await benchColdStart(stage, runs);
      const tables = `${conditions(`medians of ${runs} starts, in turn`)}\n\n${coldStartTable(results)}`;
      return { results, tables };
    },
  },
  {
    name: 'load',
    async run(stage, { quick }) {
      const seconds = quick ? 1 : 4;
      const results = await benchLoad(stage, { callers: [1, 16, 80], seconds });
      const tables = `${conditions(`${seconds} s each`)}\n\n${loadTable(results)}`;
      return { results, tables };
    },
  },
];

function chosen(only: string): Peer[] {
  return peers.filter(({ name }) => name.includes(only) || isFloorA(name));
}

function isFloorA(name: string): boolean {
  return name.startsWith('floor A');
}
