import { randomUUID } from 'node:crypto';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { BreakerState, FailoverState, OperationCost } from 'kb-sessions';
import type { CallOutput } from 'kb-sessions-contract';

type CallMetrics = { outcomes: Record<string, number>; latency: RecordableHistogram; cost: OperationCost };

/** The outcomes, latencies and Firestore operations of the calls of this instance since its start. */
export class Metrics {
  readonly #instanceId = randomUUID();
  readonly #startedAt = performance.now();
  readonly #calls = new Map<string, CallMetrics>();

  /**
   * Records a call.
   * @param outcome `ok` or an error code
   * @param ms the latency, in milliseconds
   * @param cost the Firestore operations of the call
   */
  record(call: string, outcome: string, ms: number, cost: OperationCost): void {
    const known = this.#calls.get(call);
    const metrics = known ?? {
      outcomes: {},
      latency: createHistogram(),
      cost: { documents_read: 0, documents_written: 0 },
    };
    if (!known) this.#calls.set(call, metrics);
    metrics.outcomes[outcome] = (metrics.outcomes[outcome] ?? 0) + 1;
    metrics.latency.record(Math.max(1, Math.round(ms * 1000)));
    metrics.cost.documents_read += cost.documents_read;
    metrics.cost.documents_written += cost.documents_written;
  }

  /** The answer of getMetrics: the recorded calls, the state of the circuit breaker and of the failover store. */
  snapshot(breaker: BreakerState, { journal, cache, counts }: FailoverState): CallOutput<'getMetrics'> {
    const calls = [...this.#calls].map(([call, { outcomes, latency, cost }]) => [
      call,
      {
        outcomes: { ...outcomes },
        p50_ms: latency.percentile(50) / 1000,
        p99_ms: latency.percentile(99) / 1000,
        ...cost,
      },
    ]);
    return {
      instance_id: this.#instanceId,
      uptime_ms: Math.round(performance.now() - this.#startedAt),
      breaker,
      fallback: {
        journal_entries: journal.entries,
        journal_bytes: journal.bytes,
        memory_sessions: journal.sessions,
        cached_sessions: cache.sessions,
        cached_bytes: cache.bytes,
        ...counts,
      },
      calls: Object.fromEntries(calls),
    };
  }
}
