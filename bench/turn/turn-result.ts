import type { Cost } from 'kb-sessions-testing';
import type { Verdict } from '../guarantees/check-guarantee.ts';
import type { Peer } from '../peers/peer.ts';
import { median, sumOf } from '../stats.ts';

/** The cost and the time of one turn. */
export type Run = Cost & { ms: number };

/** The documents and bytes of one turn. */
export type Traffic = { reads: number; writes: number; bytesUp: number; bytesDown: number };

/** The cost of one turn: the median of its runs. */
export type TurnCost = Traffic & {
  rpcs: number;
  /** Sequential round trips. */
  trips: number;
  /** The mean of the same runs, which gives the cost of many turns. */
  mean: Traffic;
  ms: number;
  /** `ms` divided by that of floor A in the same runs. */
  vsFloorA: number;
};

export type TurnResult = {
  peer: string;
  kind: Peer['kind'];
  /** By the number of messages in the session. A text gives the reason why it was not possible. */
  sizes: Record<number, TurnCost | string>;
  guarantees: Verdict[];
};

/** @param floorAMs the time of floor A in the same runs */
export const turnCostOf = (runs: readonly Run[], floorAMs: number): TurnCost => {
  const medianOf = (select: (run: Run) => number) => median(runs.map(select));
  const ms = medianOf((run) => run.ms);
  return {
    rpcs: medianOf(({ rpcs }) => sumOf(Object.values(rpcs), (count) => count)),
    trips: medianOf(({ trips }) => trips),
    ...trafficOf(medianOf),
    mean: trafficOf((select) => sumOf(runs, select) / runs.length),
    ms,
    vsFloorA: ms / floorAMs,
  };
};

const trafficOf = (summarize: (select: (run: Run) => number) => number): Traffic => ({
  reads: summarize(({ reads }) => reads),
  writes: summarize(({ writes }) => writes),
  bytesUp: summarize(({ bytesUp }) => bytesUp),
  bytesDown: summarize(({ bytesDown }) => bytesDown),
});
