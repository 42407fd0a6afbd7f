import type { Fault } from './fault.ts';
import { matchesFault, type ObservedCall } from './match-fault.ts';

/** How far a fault has come. */
export type FaultProgress = {
  fault: Fault;
  /** Calls let pass at its beginning. */
  skipped: number;
  /** Calls struck. */
  hits: number;
};

/** Whether a fault strikes a call, and how it stands afterwards. */
export const advanceFault = (
  standing: FaultProgress,
  call: ObservedCall,
): { strikes: boolean; standing: FaultProgress } => {
  const { fault, skipped, hits } = standing;
  const { skip = 0, times = Number.POSITIVE_INFINITY } = fault;
  if (!matchesFault(fault, call) || hits >= times) return { strikes: false, standing };
  if (skipped < skip) return { strikes: false, standing: { ...standing, skipped: skipped + 1 } };
  return { strikes: true, standing: { ...standing, hits: hits + 1 } };
};
