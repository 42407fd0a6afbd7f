type Source = {
  on(event: 'data', listener: (message: Buffer) => void): unknown;
  pause(): unknown;
  resume(): unknown;
};

type Sink = {
  write(message: Buffer): boolean;
  once(event: 'drain', listener: () => void): unknown;
};

/** Passes messages on, no faster than the sink takes them, and shows each to a witness. */
export const pipeMessages = (from: Source, to: Sink, witness: (message: Buffer) => void): void => {
  from.on('data', (message) => {
    witness(message);
    if (to.write(message)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
};
