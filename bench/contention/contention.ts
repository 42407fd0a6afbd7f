import { quantile } from '../stats.ts';
import type { Damage } from './inspect.ts';

/** What became of one session that several wrote. */
export interface Round extends Damage {
  /** Of turns that ended while turns were begun. */
  readonly messagesPerSecond: number;
  /** Of all turns that succeeded. */
  readonly latencies: readonly number[];
}

/** What became of several, one after the other. */
export interface Contention extends Damage {
  /** In the mean of the rounds. */
  readonly messagesPerSecond: number;
  /** Of all turns that succeeded. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Those that succeeded. */
  readonly turns: number;
}

export function ofRounds(rounds: readonly Round[]): Contention {
  const sum = (what: (round: Round) => number) => rounds.reduce((total, round) => total + what(round), 0);
  const latencies = rounds.flatMap((round) => round.latencies);
  return {
    failed: sum(({ failed }) => failed),
    lost: sum(({ lost }) => lost),
    duplicated: sum(({ duplicated }) => duplicated),
    misordered: sum(({ misordered }) => misordered),
    messagesPerSecond: sum(({ messagesPerSecond }) => messagesPerSecond) / rounds.length,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    turns: latencies.length,
  };
}
