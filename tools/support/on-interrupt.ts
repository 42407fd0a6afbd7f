/** The exit code of a command that Ctrl-C ended. */
export const interruptedCode = 130;

/**
 * Takes over SIGINT, SIGTERM and SIGHUP from here on, and resolves with the first that comes, so that a script can
 * stop what it started before it ends.
 */
export function onInterrupt(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
  return promise;
}
