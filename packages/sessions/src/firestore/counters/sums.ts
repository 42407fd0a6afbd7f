export type Counters = Record<string, number>;

/** Adds counters to those that `sums` has under a key. */
export const addCounters = (sums: Map<string, Counters>, key: string, counters: Counters): void => {
  const sum = sums.get(key) ?? {};
  const raised = Object.entries(counters).map(([counter, by]) => [counter, (sum[counter] ?? 0) + by]);
  sums.set(key, { ...sum, ...Object.fromEntries(raised) });
};
