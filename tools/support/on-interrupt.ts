/** The exit code of a command that Ctrl-C ended. */
export const interruptedCode = 130;

/**
 * Handles SIGINT, SIGTERM and SIGHUP from now on, and resolves with the first one, so that a script can stop its
 * processes before it ends.
 */
export const onInterrupt = (): Promise<NodeJS.Signals> => {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
  return promise;
};
