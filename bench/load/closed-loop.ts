export type LoopResult = { requestsPerSecond: number; latencies: number[] };

/** Runs callers that each call again as soon as their call is answered, for `ms` milliseconds. */
export const runClosedLoop = async (
  callers: number,
  ms: number,
  call: (caller: number) => Promise<unknown>,
): Promise<LoopResult> => {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const runCaller = async (caller: number) => {
    while (performance.now() - startedAt < ms) {
      const sentAt = performance.now();
      await call(caller);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => runCaller(caller)));
  return { requestsPerSecond: (1000 * latencies.length) / (performance.now() - startedAt), latencies };
};
