import type { Assumptions } from './assumptions.ts';
import { PRICES } from './prices.ts';
import type { Scale } from './scale.ts';

export const MONTH_SECONDS = 30 * 24 * 60 * 60;
const GIB = 2 ** 30;
const TIB = 2 ** 40;

/** US dollars for 30 days around the clock, by what they are for; free tiers left out, instances as whole ones. */
export function monthlyCost(scale: Scale, { memoryGiB }: Assumptions): Readonly<Record<string, number>> {
  const month = (perSecond: number) => perSecond * MONTH_SECONDS;
  const instances = Math.ceil(scale.instances.calls) + Math.ceil(scale.instances.events);
  return {
    'Firestore, reads': (month(scale.reads) / 100_000) * PRICES.readsPer100k,
    'Firestore, writes': (month(scale.writes) / 100_000) * PRICES.writesPer100k,
    'Firestore, deletes by TTL': (month(scale.deletes) / 100_000) * PRICES.deletesPer100k,
    'Firestore, storage': (scale.stored / GIB) * PRICES.storedGiBMonth,
    'Cloud Run, processor': month(instances) * PRICES.vCpuSecond,
    'Cloud Run, memory': month(instances) * memoryGiB * PRICES.memoryGiBSecond,
    'Cloud Run, requests': (month(scale.calls + scale.events) / 1_000_000) * PRICES.requestsPerMillion,
    'events, published and delivered': ((2 * month(scale.bytesOfEvents)) / TIB) * PRICES.eventsTiB,
    'traffic to callers': (month(scale.bytesToCallers) / GIB) * PRICES.egressGiB,
  };
}

export function totalOf(cost: Readonly<Record<string, number>>): number {
  return Object.values(cost).reduce((sum, part) => sum + part, 0);
}
