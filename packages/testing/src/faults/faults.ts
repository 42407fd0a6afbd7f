import { randomUUID } from 'node:crypto';
import type { Fault } from './fault.ts';
import { matchesFault, mayMatch, type ObservedCall } from './match-fault.ts';

export type AddedFault = {
  id: string;
  fault: Fault;
  /** Returns the number of calls that it has affected. */
  hits(): number;
  /** Ends the fault. Calls in its black hole continue. */
  remove(): void;
};

/** A fault that affects a call. */
export type TriggeredFault = {
  fault: Fault;
  /** Aborts when the fault is removed. */
  removed: AbortSignal;
};

/** The faults of a proxy. The first fault that is due affects a call, in the order of addition; the others ignore the call. */
export class Faults {
  #added: readonly FaultEntry[] = [];

  add(fault: Fault): AddedFault {
    const entry = new FaultEntry(fault, () => {
      this.#added = this.#added.filter((other) => other !== entry);
    });
    this.#added = [...this.#added, entry];
    return entry;
  }

  /** Removes all. */
  clear(): void {
    for (const entry of this.#added) entry.remove();
  }

  /** The faults that have not been removed, used up or not. */
  get all(): readonly AddedFault[] {
    return this.#added;
  }

  /** Whether a fault may affect calls of the method, depending on their paths. */
  mayAffect(method: string): boolean {
    return this.#added.some(({ fault }) => mayMatch(fault, method));
  }

  /** Counts a call, and returns the fault that affects it. */
  trigger(call: ObservedCall): TriggeredFault | undefined {
    return this.#added.find((entry) => entry.affects(call));
  }
}

class FaultEntry implements AddedFault, TriggeredFault {
  readonly id = randomUUID();
  readonly fault: Fault;
  readonly #removal = new AbortController();
  readonly #detach: () => void;
  #skipped = 0;
  #hits = 0;

  constructor(fault: Fault, detach: () => void) {
    this.fault = fault;
    this.#detach = detach;
  }

  get removed(): AbortSignal {
    return this.#removal.signal;
  }

  hits(): number {
    return this.#hits;
  }

  remove(): void {
    this.#detach();
    this.#removal.abort();
  }

  affects(call: ObservedCall): boolean {
    const { skip = 0, times = Number.POSITIVE_INFINITY } = this.fault;
    if (!matchesFault(this.fault, call) || this.#hits >= times) return false;
    if (this.#skipped < skip) {
      this.#skipped++;
      return false;
    }
    this.#hits++;
    return true;
  }
}
