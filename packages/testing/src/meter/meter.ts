import type { status } from '@grpc/grpc-js';
import { addCharges, type Charge, NO_CHARGE } from './charge.ts';
import { type Call, type Cost, costOf } from './cost.ts';
import { estimateBill } from './estimate-bill.ts';

/** A clock in milliseconds that only goes forward. */
export type MonotonicClock = () => number;

/** Follows one RPC. */
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
 * Adds up what the RPCs through the proxy cost. An open call counts with what it has cost so far, and with the rest,
 * but no longer as an RPC or a trip, in the next cost taken.
 */
export class Meter {
  readonly #now: MonotonicClock;
  #calls: RecordedCall[] = [];
  /** Calls that were open when a cost was taken. */
  #resumed: RecordedCall[] = [];

  constructor(now: MonotonicClock = () => performance.now()) {
    this.#now = now;
  }

  /** Starts recording an RPC, which starts now. */
  start(method: string): CallRecorder {
    const call = new RecordedCall(method, this.#now);
    this.#calls.push(call);
    return call;
  }

  /** The cost since the last `take`. */
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
   * Runs a piece of work and returns what it and everything else that went through the proxy meanwhile cost. What was
   * not taken before is dropped. Calls count as parallel if they overlapped at the proxy: on a fast emulator a delay of
   * some milliseconds per RPC makes sure that calls started together do.
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

  /** What it has cost so far has been taken. */
  resetCharge(): void {
    this.charge = NO_CHARGE;
    this.bytesUp = 0;
    this.bytesDown = 0;
  }
}
