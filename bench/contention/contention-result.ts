import { quantile, sumOf } from '../stats.ts';
import type { Damage } from './find-damage.ts';
import type { WriterLog } from './take-turns.ts';

/** The result of one session with several concurrent writers. */
export type Round = Damage & {
  /** Of turns that ended while the writers still began turns. */
  messagesPerSecond: number;
  /** Of all turns that succeeded. */
  latencies: number[];
};

/** The result of several rounds. */
export type Contention = Damage & {
  /** The mean of the rounds. */
  messagesPerSecond: number;
  /** Of all turns that succeeded. */
  p50Ms: number;
  p99Ms: number;
  /** The number of turns that succeeded. */
  turns: number;
};

export const contentionOf = (rounds: readonly Round[]): Contention => {
  const latencies = rounds.flatMap((round) => round.latencies);
  return {
    failed: sumOf(rounds, ({ failed }) => failed),
    lost: sumOf(rounds, ({ lost }) => lost),
    duplicated: sumOf(rounds, ({ duplicated }) => duplicated),
    misordered: sumOf(rounds, ({ misordered }) => misordered),
    messagesPerSecond: sumOf(rounds, (round) => round.messagesPerSecond) / rounds.length,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    turns: latencies.length,
  };
};

/**
 * Returns the messages per second of the turns that ended within `ms` from `startedAt` (by `performance.now`). A turn
 * that ended later is not the work of that time.
 */
export const throughputOf = (writers: readonly WriterLog[], startedAt: number, ms: number): number => {
  const inTime = writers.flatMap(({ endTimes }) => endTimes.filter((end) => end <= startedAt + ms));
  return (2 * 1000 * inTime.length) / ms;
};
