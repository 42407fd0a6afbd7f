import { median } from '../stats.ts';
import type { Run } from './measure-turn.ts';
import type { Traffic, TurnCost } from './turn-result.ts';

/** @param floorA what floor A took in the same runs, in milliseconds */
export function costOfRuns(runs: readonly Run[], floorA: number): TurnCost {
  const middle = (value: (run: Run) => number) => median(runs.map(value));
  const ms = middle((run) => run.ms);
  return {
    rpcs: middle(({ rpcs }) => Object.values(rpcs).reduce((sum, count) => sum + count, 0)),
    trips: middle(({ trips }) => trips),
    ...trafficOf(runs, median),
    mean: trafficOf(runs, mean),
    ms,
    vsFloorA: ms / floorA,
  };
}

function trafficOf(runs: readonly Run[], of: (values: readonly number[]) => number): Traffic {
  return {
    reads: of(runs.map(({ reads }) => reads)),
    writes: of(runs.map(({ writes }) => writes)),
    bytesUp: of(runs.map(({ bytesUp }) => bytesUp)),
    bytesDown: of(runs.map(({ bytesDown }) => bytesDown)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
