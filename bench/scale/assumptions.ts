/** How people use it, and how it is deployed: what cannot be measured here. */
export interface Assumptions {
  /** Of each concurrent session: reading an answer and typing takes about a minute. */
  readonly turnsPerMinute: number;
  readonly messagesPerSession: number;
  /** Calls of getSession and of getHistory, as when a page is opened. */
  readonly loadsPerSession: number;
  /** The share of sessions that their user ends; the others expire. */
  readonly endedByUser: number;
  /** Round trip of an RPC within a region, in milliseconds. */
  readonly rpcMs: number;
  /** What Cloud Run scales to (https://cloud.google.com/run/docs/about-instance-autoscaling). */
  readonly cpuUtilization: number;
  /** Requests at once in an instance: the default of a function with one vCPU. */
  readonly concurrency: number;
  /** Memory of an instance: the default of a function. */
  readonly memoryGiB: number;
}

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

/** What Google names as bounds; those of Firestore are guidance: whoever exceeds them waits longer. */
export const GUIDANCE = {
  /** Writes a second where an indexed value grows (https://firebase.google.com/docs/firestore/solutions/shard-timestamp). */
  growingIndex: 500,
  /** Sustained writes a second of one document (https://firebase.google.com/products/extensions/firebase-firestore-counter). */
  document: 1,
  /** Instances that a function may have unless its `maxInstances` says otherwise (https://cloud.google.com/run/docs/configuring/max-instances). */
  instances: 100,
  /**
   * Operations a second on collections that had none, and how much more after how many minutes
   * (https://firebase.google.com/docs/firestore/best-practices#ramping_up_traffic).
   */
  ramp: { start: 500, growth: 1.5, minutes: 5 },
} as const;
