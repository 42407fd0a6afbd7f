/** What callers get of a server. */
export interface LoopResult {
  readonly requestsPerSecond: number;
  readonly latencies: readonly number[];
}

/** Callers that each call again as soon as they are answered, for some time. */
export async function closedLoop(
  callers: number,
  ms: number,
  call: (caller: number) => Promise<unknown>,
): Promise<LoopResult> {
  const latencies: number[] = [];
  const began = performance.now();
  const goOn = async (caller: number) => {
    while (performance.now() - began < ms) {
      const sentAt = performance.now();
      await call(caller);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => goOn(caller)));
  return { requestsPerSecond: (1000 * latencies.length) / (performance.now() - began), latencies };
}
