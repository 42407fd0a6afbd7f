import { addCharges, type Charge, NO_CHARGE } from './charge.ts';
import { longestChain } from './longest-chain.ts';

/** One RPC as the proxy saw it, between two moments of a clock that only goes forward. */
export type Call = {
  method: string;
  startedAt: number;
  /** Absent while the call is open. */
  endedAt?: number;
  charge: Charge;
  /** Bytes of protobuf, without the framing of gRPC and HTTP/2. */
  bytesUp: number;
  bytesDown: number;
};

/** What a piece of work cost. */
export type Cost = Charge & {
  /** Sequential round trips: the longest chain of RPCs each of which started after the one before had ended. */
  trips: number;
  /** RPCs by method, as in `{ Commit: 1 }`. */
  rpcs: Record<string, number>;
  bytesUp: number;
  bytesDown: number;
};

/** Adds calls up; one that is still open lasts for ever. */
export const costOf = (calls: readonly Call[]): Cost => {
  const rpcs: Record<string, number> = {};
  let charge = NO_CHARGE;
  let bytesUp = 0;
  let bytesDown = 0;
  for (const call of calls) {
    rpcs[call.method] = (rpcs[call.method] ?? 0) + 1;
    charge = addCharges(charge, call.charge);
    bytesUp += call.bytesUp;
    bytesDown += call.bytesDown;
  }
  const trips = longestChain(
    calls.map(({ startedAt, endedAt = Number.POSITIVE_INFINITY }) => ({ startedAt, endedAt })),
  );
  return { ...charge, trips, rpcs, bytesUp, bytesDown };
};
