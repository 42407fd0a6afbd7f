import type { status } from '@grpc/grpc-js';
import { addCharges, type Charge, NO_CHARGE } from './charge.ts';
import { type Call, type Cost, costOf } from './cost.ts';
import { estimateBill } from './estimate-bill.ts';

/** A monotonic clock, in milliseconds. */
export type MonotonicClock = () => number;

/** Records one RPC. */
export type CallRecorder = {
  request(message: Uint8Array): void;
  response(message: Uint8Array): void;
  end(code: status): void;
};

export type Measured<Result> = {
  result: Result;
  cost: Cost;
};

/**
 * Adds up the cost of the RPCs through the proxy. An open call counts with its charge so far. Its later charge is part of
 * the next cost, in which it counts neither as an RPC nor as a trip.
 */
export class Meter {
  readonly #now: MonotonicClock;
  #calls: RecordedCall[] = [];
  /** The calls that were open when the last cost was taken. */
  #resumed: RecordedCall[] = [];

  constructor(now: MonotonicClock = () => performance.now()) {
    this.#now = now;
  }

  /** Starts to record an RPC that starts now. */
  start(method: string): CallRecorder {
    const call = new RecordedCall(method, this.#now);
    this.#calls.push(call);
    return call;
  }

  /** Returns the cost since the last `take`. */
  take(): Cost {
    const cost = costOf(this.#calls);
    const rest = costOf(this.#resumed);
    this.#resumed = [...this.#resumed, ...this.#calls].filter((call) => call.endedAt === undefined);
    for (const call of this.#resumed) call.resetCharge();
    this.#calls = [];
    return {
      ...cost,
      ...addCharges(cost, rest),
      bytesUp: cost.bytesUp + rest.bytesUp,
      bytesDown: cost.bytesDown + rest.bytesDown,
    };
  }

  /**
   * Runs `work` and returns the cost of all RPCs that went through the proxy meanwhile. Earlier costs are dropped. Calls
   * count as parallel if they overlap at the proxy. On a fast emulator, a delay of some milliseconds per RPC makes calls
   * overlap that start together.
   */
  async measure<Result>(work: () => Promise<Result>): Promise<Measured<Result>> {
    this.take();
    const result = await work();
    return { result, cost: this.take() };
  }
}

class RecordedCall implements Call, CallRecorder {
  readonly method: string;
  readonly startedAt: number;
  endedAt?: number;
  charge: Charge = NO_CHARGE;
  bytesUp = 0;
  bytesDown = 0;
  readonly #now: MonotonicClock;
  readonly #bill;

  constructor(method: string, now: MonotonicClock) {
    this.method = method;
    this.startedAt = now();
    this.#now = now;
    this.#bill = estimateBill(method);
  }

  request(message: Uint8Array): void {
    this.bytesUp += message.byteLength;
    this.charge = addCharges(this.charge, this.#bill.request(message));
  }

  response(message: Uint8Array): void {
    this.bytesDown += message.byteLength;
    this.charge = addCharges(this.charge, this.#bill.response(message));
  }

  end(code: status): void {
    this.endedAt = this.#now();
    this.charge = addCharges(this.charge, this.#bill.end(code));
  }

  /** Drops the charge so far, which has been taken. */
  resetCharge(): void {
    this.charge = NO_CHARGE;
    this.bytesUp = 0;
    this.bytesDown = 0;
  }
}
