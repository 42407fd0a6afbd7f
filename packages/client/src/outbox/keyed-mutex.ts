/** Runs `run` when all that came before it under the same name are over. */
export type KeyedMutex = <T>(name: string, run: () => Promise<T>) => Promise<T>;

/** A {@link KeyedMutex} for this process or page. */
export const createKeyedMutex = (): KeyedMutex => {
  const last = new Map<string, Promise<unknown>>();
  return (name, run) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(run);
    const over = turn
      .catch(() => {}) // Whoever waits for its result is told; the next one's turn comes either way.
      .then(() => {
        if (last.get(name) === over) last.delete(name);
      });
    last.set(name, over);
    return turn;
  };
};
