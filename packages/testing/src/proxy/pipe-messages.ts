type Source = {
  on(event: 'data', listener: (message: Buffer) => void): unknown;
  pause(): unknown;
  resume(): unknown;
};

type Sink = {
  write(message: Buffer): boolean;
  once(event: 'drain', listener: () => void): unknown;
};

/** Pipes messages, no faster than the sink accepts them, and calls `observe` with each. */
export const pipeMessages = (from: Source, to: Sink, observe: (message: Buffer) => void): void => {
  from.on('data', (message) => {
    observe(message);
    if (to.write(message)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
};
