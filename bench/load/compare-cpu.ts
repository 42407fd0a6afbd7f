import { median, quantile, shuffled } from '../stats.ts';

/** Milliseconds of CPU time per call: medians of the rounds. */
export type CpuCost = {
  oursMs: number;
  bareMs: number;
  /** The median of the differences of the rounds. The two batches of a difference follow each other. */
  ownMs: number;
  /** The quartiles of the differences. */
  ownQuartilesMs: [number, number];
};

/** Each runs a batch of calls, and returns the CPU time of one call in milliseconds. */
type Batches = Record<'ours' | 'bare', () => Promise<number>>;

/**
 * Runs every call in each round, so that the processes have the same age for all calls. The two batches of a call follow
 * each other. All orders are random.
 */
export const compareCpu = async (
  rounds: number,
  calls: Record<string, Batches>,
): Promise<Record<string, CpuCost>> => {
  const all = Object.entries(calls).map(([name, batches]) => ({
    name,
    batches,
    times: { ours: [] as number[], bare: [] as number[] },
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { batches, times } of shuffled(all)) {
      for (const side of shuffled(['ours', 'bare'] as const)) times[side].push(await batches[side]());
    }
  }
  return Object.fromEntries(all.map(({ name, times }) => [name, cpuCostOf(times)]));
};

const cpuCostOf = ({ ours, bare }: Record<keyof Batches, number[]>): CpuCost => {
  const own = ours.map((ms, round) => ms - (bare[round] ?? Number.NaN));
  return {
    oursMs: median(ours),
    bareMs: median(bare),
    ownMs: median(own),
    ownQuartilesMs: [quantile(own, 0.25), quantile(own, 0.75)],
  };
};
