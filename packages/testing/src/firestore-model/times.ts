import type { WireTime } from './wire.ts';

const MICROS = 1_000_000;

/** Whole microseconds since 1970, the resolution of Firestore's times. */
export const microsOf = ({ seconds = 0, nanos = 0 }: WireTime): number =>
  Number(seconds) * MICROS + Math.round(nanos / 1000);

const wireTimeOf = (micros: number): WireTime => ({
  seconds: Math.floor(micros / MICROS),
  nanos: (micros % MICROS) * 1000,
});

/** The time of a server. No two commits have the same time, and no read has a time before a commit that it sees. */
export class ServerTime {
  readonly #clock: () => number;
  #latest = 0;

  /** @param clock milliseconds since 1970 */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Returns the time of a commit, later than all earlier times. */
  next(): WireTime {
    this.#latest = Math.max(this.#latest + 1, Math.round(this.#clock() * 1000));
    return wireTimeOf(this.#latest);
  }

  /** Returns the time of a read, not before the latest commit. */
  now(): WireTime {
    this.#latest = Math.max(this.#latest, Math.round(this.#clock() * 1000));
    return wireTimeOf(this.#latest);
  }
}
