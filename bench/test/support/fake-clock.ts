/** Replaces `performance.now` until it is disposed of. The test advances the time. */
export const fakeClock = (): Disposable & { pass(ms: number): void } => {
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
};
