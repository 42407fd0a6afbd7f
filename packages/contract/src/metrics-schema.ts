import * as z from 'zod';

/** What one instance reports about itself: the output of getMetrics. */
export const metricsSchema = z.strictObject({
  /** A random id of the instance that answered. Other instances have other numbers. */
  instance_id: z.string(),
  /** Milliseconds since the instance started. */
  uptime_ms: z.int(),
  /** `closed`: Firestore is available. `open`: it is unavailable, and calls do not wait for it. `probing`: one call tests whether it has recovered. */
  breaker: z.enum(['closed', 'open', 'probing']),
  /** The journal, the read cache, and their counts since the instance started. */
  fallback: z.strictObject({
    /** Pending operations in the journal: of this instance, or of all instances with `REDIS_URL`. */
    journal_entries: z.int(),
    /** Bytes of the pending operations. */
    journal_bytes: z.int(),
    /** Sessions that pending operations create. */
    memory_sessions: z.int(),
    /** Sessions in the read cache. */
    cached_sessions: z.int(),
    /** Bytes of the sessions in the read cache, estimated. */
    cached_bytes: z.int(),
    /** How often the instance began to accept operations in degraded mode. */
    activations: z.int(),
    /** Operations that the journal accepted. */
    accepted: z.int(),
    /** Operations that left the journal because the primary stored them. */
    replayed: z.int(),
    /** Operations that left the journal because the primary will never store them. */
    refused: z.int(),
    /** Operations that the journal did not accept because it was full. */
    turned_away: z.int(),
  }),
  /** One entry for each call that the instance has answered, by the name of the call. */
  calls: z.record(
    z.string(),
    z.strictObject({
      /** Number of answers by outcome: `ok` or the code of the error. */
      outcomes: z.record(z.string(), z.int()),
      /** The median duration in milliseconds. */
      p50_ms: z.number(),
      /** The 99th percentile of the duration in milliseconds. */
      p99_ms: z.number(),
      /** Firestore documents read. */
      documents_read: z.int(),
      /** Firestore documents written. */
      documents_written: z.int(),
    }),
  ),
});
