import { median, quantile } from '../stats.ts';

/** Milliseconds of CPU per call, medians of what rounds found. */
export interface CpuCost {
  readonly oursMs: number;
  readonly bareMs: number;
  /** The median of the rounds' differences, each between two batches that followed each other. */
  readonly ownMs: number;
  /** Between these lies the middle half of them. */
  readonly ownQuartilesMs: readonly [number, number];
}

/** Takes both in each round, one right after the other; by chance this one first or that one. */
export async function compare(
  rounds: number,
  ours: () => Promise<number>,
  bare: () => Promise<number>,
): Promise<CpuCost> {
  const found: (readonly [ours: number, bare: number])[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (Math.random() < 0.5) found.push([await ours(), await bare()]);
    else {
      const first = await bare();
      found.push([await ours(), first]);
    }
  }
  const own = found.map(([one, other]) => one - other);
  return {
    oursMs: median(found.map(([one]) => one)),
    bareMs: median(found.map(([, other]) => other)),
    ownMs: median(own),
    ownQuartilesMs: [quantile(own, 0.25), quantile(own, 0.75)],
  };
}
