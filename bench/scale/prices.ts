/**
 * US dollars, list prices beyond the free tier, looked up in November 2026. Firestore: Standard edition in us-central1
 * (nam5 takes twice as much for operations and 0.18 for storage), https://cloud.google.com/firestore/pricing. Cloud Run:
 * tier 1, billed while requests are served, https://cloud.google.com/run/pricing. Traffic between the two in one region
 * is free. Eventarc takes nothing for events of Google's sources and leaves their transport to Pub/Sub,
 * https://cloud.google.com/eventarc/pricing, https://cloud.google.com/pubsub/pricing.
 */
export const PRICES = {
  readsPer100k: 0.03,
  writesPer100k: 0.09,
  deletesPer100k: 0.01,
  storedGiBMonth: 0.15,
  vCpuSecond: 0.000024,
  memoryGiBSecond: 0.0000025,
  requestsPerMillion: 0.4,
  /** To the internet, the first TiB in a month. */
  egressGiB: 0.12,
  /** Published and delivered. */
  eventsTiB: 40,
} as const;
