import type { Written } from './write.ts';

/** A time, by `performance.now`. */
export interface Window {
  readonly began: number;
  readonly ms: number;
}

/** Messages per second of the turns that ended in it: what ends later was not done in that time. */
export function throughput(writers: readonly Written[], { began, ms }: Window): number {
  const inTime = writers.flatMap(({ ended }) => ended.filter((end) => end <= began + ms));
  return (2 * 1000 * inTime.length) / ms;
}
