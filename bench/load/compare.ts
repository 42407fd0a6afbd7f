import { shuffled } from '../shuffled.ts';
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

/** Each calls a batch and says what one call took, in milliseconds. */
export interface Batches {
  ours(): Promise<number>;
  bare(): Promise<number>;
}

/**
 * Takes every call in each round, so that all calls find the processes equally old, and the two batches of a call one right
 * after the other; in an order by chance.
 */
export async function compare(
  rounds: number,
  calls: Readonly<Record<string, Batches>>,
): Promise<Readonly<Record<string, CpuCost>>> {
  const all = Object.entries(calls).map(([call, batches]) => ({
    call,
    batches,
    found: { ours: [] as number[], bare: [] as number[] },
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { batches, found } of shuffled(all)) {
      for (const side of shuffled(['ours', 'bare'] as const)) found[side].push(await batches[side]());
    }
  }
  return Object.fromEntries(all.map(({ call, found }) => [call, costOf(found)]));
}

function costOf({ ours, bare }: Record<keyof Batches, readonly number[]>): CpuCost {
  const own = ours.map((ms, round) => ms - (bare[round] ?? Number.NaN));
  return {
    oursMs: median(ours),
    bareMs: median(bare),
    ownMs: median(own),
    ownQuartilesMs: [quantile(own, 0.25), quantile(own, 0.75)],
  };
}
