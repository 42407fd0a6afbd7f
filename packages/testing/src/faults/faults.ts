import { randomUUID } from 'node:crypto';
import { advanceFault, type FaultProgress } from './advance-fault.ts';
import type { Fault } from './fault.ts';
import { mayMatch, type ObservedCall } from './match-fault.ts';

export type AddedFault = {
  id: string;
  fault: Fault;
  /** How many calls it has struck. */
  hits(): number;
  /** It strikes no more calls, and what is in its black hole goes on. */
  remove(): void;
};

/** A fault that strikes a call. */
export type TriggeredFault = {
  fault: Fault;
  removed: AbortSignal;
};

/** The faults of a proxy. A call is struck by the first that is due, in the order they were added; the rest do not see it. */
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

  /** Those that have not been removed, used up or not. */
  get all(): readonly AddedFault[] {
    return this.#added;
  }

  mayAffect(method: string): boolean {
    return this.#added.some(({ fault }) => mayMatch(fault, method));
  }

  trigger(call: ObservedCall): TriggeredFault | undefined {
    return this.#added.find((entry) => entry.triggers(call));
  }
}

class FaultEntry implements AddedFault, TriggeredFault {
  readonly id = randomUUID();
  readonly #removal = new AbortController();
  readonly #leave: () => void;
  #standing: FaultProgress;

  constructor(fault: Fault, leave: () => void) {
    this.#standing = { fault, skipped: 0, hits: 0 };
    this.#leave = leave;
  }

  get fault(): Fault {
    return this.#standing.fault;
  }

  get removed(): AbortSignal {
    return this.#removal.signal;
  }

  hits(): number {
    return this.#standing.hits;
  }

  remove(): void {
    this.#leave();
    this.#removal.abort();
  }

  triggers(call: ObservedCall): boolean {
    const { strikes, standing } = advanceFault(this.#standing, call);
    this.#standing = standing;
    return strikes;
  }
}
