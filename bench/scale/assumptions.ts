/** The use and the deployment, which no benchmark can measure. */
export type Assumptions = {
  /** Per concurrent session: reading an answer and typing takes about a minute. */
  turnsPerMinute: number;
  messagesPerSession: number;
  /** Calls of getSession and of getHistory, as by a page that opens. */
  loadsPerSession: number;
  /** The share of sessions that their user ends. The others expire. */
  endedByUser: number;
  /** The round trip of an RPC within a region, in milliseconds. */
  rpcMs: number;
  /** The CPU utilization at which Cloud Run adds instances (https://cloud.google.com/run/docs/about-instance-autoscaling). */
  cpuUtilization: number;
  /** Concurrent requests of an instance: the default of a function with one vCPU. */
  concurrency: number;
  /** The memory of an instance: the default of a function. */
  memoryGiB: number;
};

export const ASSUMPTIONS: Assumptions = {
  turnsPerMinute: 1,
  messagesPerSession: 20,
  loadsPerSession: 2,
  endedByUser: 0.25,
  rpcMs: 10,
  cpuUtilization: 0.6,
  concurrency: 80,
  memoryGiB: 0.25,
};

/** TTL deletes within a day (https://firebase.google.com/docs/firestore/ttl). */
export const TTL_DAYS = 1;

/** Bounds that Google documents. Those of Firestore are guidance: beyond them latency and contention rise. */
export const GUIDANCE = {
  /** Writes a second to an index whose values grow (https://firebase.google.com/docs/firestore/solutions/shard-timestamp). */
  growingIndex: 500,
  /** Sustained writes a second to one document (https://firebase.google.com/products/extensions/firebase-firestore-counter). */
  document: 1,
  /** Instances of a function without `maxInstances` (https://cloud.google.com/run/docs/configuring/max-instances). */
  instances: 100,
  /**
   * Operations a second on new collections, and the growth per period
   * (https://firebase.google.com/docs/firestore/best-practices#ramping_up_traffic).
   */
  ramp: { start: 500, growth: 1.5, minutes: 5 },
};

/**
 * US dollars, list prices beyond the free tier, of November 2026. Firestore: Standard edition in us-central1 (nam5 costs
 * twice as much for operations and 0.18 for storage), https://cloud.google.com/firestore/pricing. Cloud Run: tier 1,
 * request-based billing, https://cloud.google.com/run/pricing. Traffic between the two in one region is free. Eventarc
 * is free for events of Google's sources, their transport by Pub/Sub is not, https://cloud.google.com/eventarc/pricing,
 * https://cloud.google.com/pubsub/pricing.
 */
export const PRICES = {
  readsPer100k: 0.03,
  writesPer100k: 0.09,
  deletesPer100k: 0.01,
  storedGiBMonth: 0.15,
  vCpuSecond: 0.000024,
  memoryGiBSecond: 0.0000025,
  requestsPerMillion: 0.4,
  /** To the internet, the first TiB of a month. */
  egressGiB: 0.12,
  /** Published and delivered. */
  eventsTiB: 40,
};
