import { addCharges, type Charge, NO_CHARGE } from './charge.ts';

/** One RPC that the proxy recorded. Its times are those of a monotonic clock, in milliseconds. */
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

/** The cost of several RPCs. */
export type Cost = Charge & {
  /** Sequential round trips: the length of the longest chain of RPCs in which each starts after the previous one ended. */
  trips: number;
  /** RPCs by method, as in `{ Commit: 1 }`. */
  rpcs: Record<string, number>;
  bytesUp: number;
  bytesDown: number;
};

/** Adds up the cost of calls. An open call counts as endless. */
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

export type Span = {
  startedAt: number;
  endedAt: number;
};

/** Returns the length of the longest chain of spans in which each starts after the previous one ended. */
export const longestChain = (spans: readonly Span[]): number => {
  let length = 0;
  let end = Number.NEGATIVE_INFINITY;
  // Greedy: the span that ends first leaves the most room for the others.
  for (const span of spans.toSorted((a, b) => a.endedAt - b.endedAt)) {
    if (span.startedAt > end) {
      length += 1;
      end = span.endedAt;
    }
  }
  return length;
};
