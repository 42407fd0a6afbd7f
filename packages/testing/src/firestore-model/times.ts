import type { WireTime } from './wire.ts';

const MICROS = 1_000_000;

/** Whole microseconds since 1970: the grain of Firestore's times. */
export const microsOf = ({ seconds = 0, nanos = 0 }: WireTime): number =>
  Number(seconds) * MICROS + Math.round(nanos / 1000);

export const wireTimeOf = (micros: number): WireTime => ({
  seconds: Math.floor(micros / MICROS),
  nanos: (micros % MICROS) * 1000,
});

/** A server's time: `clock` in milliseconds, but no two commits at one time, and no read before a commit it sees. */
export class ServerTime {
  readonly #clock: () => number;
  #latest = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** The time of a commit: later than everything before. */
  next(): WireTime {
    this.#latest = Math.max(this.#latest + 1, Math.round(this.#clock() * 1000));
    return wireTimeOf(this.#latest);
  }

  /** The time of a read: not before the latest commit. */
  now(): WireTime {
    this.#latest = Math.max(this.#latest, Math.round(this.#clock() * 1000));
    return wireTimeOf(this.#latest);
  }
}
