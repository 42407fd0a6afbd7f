import type { ModelFault } from 'kb-sessions-testing';
import type { WorldStep } from './scenario.ts';

type Outage = Extract<WorldStep, { kind: 'outage' }>;

const UNAVAILABLE = 14;
const ABORTED = 10;
/** What flaps is down for so long, and then up for as long. */
const FLAP_MS = 500;

/** Between which times which instances cannot reach Firestore, and how that shows. */
export class Outages {
  readonly #all: (Outage & { since: number })[] = [];

  begin(outage: Outage, now: number): void {
    this.#all.push({ ...outage, since: now });
  }

  /** What an RPC of an instance meets now, or one of none; null: no outage. */
  fault(instance: number | null, method: string, now: number): ModelFault | null {
    for (const { since, ms, how, instance: hit } of this.#all) {
      const left = since + ms - now;
      if (left <= 0 || (hit !== 'all' && hit !== instance)) continue;
      if (how === 'silent') return { kind: 'slow', ms: left };
      if (how === 'contended') return method === 'commit' ? { kind: 'before', code: ABORTED } : null;
      const isUp = how === 'flapping' && Math.floor((now - since) / FLAP_MS) % 2 === 1;
      if (!isUp) return { kind: 'before', code: UNAVAILABLE };
    }
    return null;
  }
}
