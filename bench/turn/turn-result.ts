import type { Verdict } from '../guarantees/guarantee.ts';
import type { Peer } from '../peers/peer.ts';

/** The documents and bytes of one turn. */
export interface Traffic {
  readonly reads: number;
  readonly writes: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

/** What one turn took, in the median of its runs. */
export interface TurnCost extends Traffic {
  readonly rpcs: number;
  /** Sequential round trips. */
  readonly trips: number;
  /** In the mean of the same runs, which is what many turns come to. */
  readonly mean: Traffic;
  readonly ms: number;
  /** ms as a multiple of floor A's in the same runs. */
  readonly vsFloorA: number;
}

export interface TurnResult {
  readonly peer: string;
  readonly kind: Peer['kind'];
  /** By the number of messages that the session held; a sentence where that was not possible. */
  readonly sizes: Readonly<Record<number, TurnCost | string>>;
  readonly guarantees: readonly Verdict[];
}
