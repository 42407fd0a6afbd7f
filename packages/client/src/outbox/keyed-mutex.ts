/** Runs `run` after all earlier runs of the same key have ended. */
export type KeyedMutex = <T>(key: string, run: () => Promise<T>) => Promise<T>;

/** Creates a {@link KeyedMutex} for this process or page. */
export const createKeyedMutex = (): KeyedMutex => {
  const last = new Map<string, Promise<unknown>>();
  return (key, run) => {
    const result = (last.get(key) ?? Promise.resolve()).then(run);
    const ended = result
      .catch(() => {}) // Errors reach the caller. The next run begins either way.
      .then(() => {
        if (last.get(key) === ended) last.delete(key);
      });
    last.set(key, ended);
    return result;
  };
};
