/** Takes the place of `performance.now` until it is disposed of: time passes when the test says so. */
export interface FakeClock extends Disposable {
  /** Lets this many milliseconds pass. */
  pass(ms: number): void;
}

export function fakeClock(): FakeClock {
  const real = performance.now;
  let now = 1_000_000;
  performance.now = () => now;
  return {
    pass: (ms) => {
      now += ms;
    },
    [Symbol.dispose]: () => {
      performance.now = real;
    },
  };
}
