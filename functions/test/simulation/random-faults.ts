import type { ModelFault } from 'kb-sessions-testing';
import type { Coverage } from './coverage.ts';
import { Outages } from './outages.ts';
import type { Passage, Scenario, WorldStep } from './scenario.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What goes wrong in a run, as its scenario has it, until it is healed. */
export class RandomFaults {
  readonly #scenario: Scenario;
  readonly #time: VirtualTime;
  readonly #tally: Coverage;
  readonly #outages = new Outages();
  readonly #met = { reads: 0, commits: 0, passages: 0, created: 0 };
  #isHealed = false;

  constructor(scenario: Scenario, time: VirtualTime, tally: Coverage) {
    this.#scenario = scenario;
    this.#time = time;
    this.#tally = tally;
  }

  heal(): void {
    this.#isHealed = true;
  }

  beginOutage(outage: Extract<WorldStep, { kind: 'outage' }>): void {
    this.#tally.add('outages', `${outage.how}, ${outage.instance === 'all' ? 'of all' : 'of one'}`);
    this.#outages.begin(outage, this.#time.now());
  }

  /** What the next RPC of an instance meets; of no instance: one of the trigger's or a job's. */
  ofRpc(method: string, instance?: number): ModelFault {
    if (this.#isHealed) return { kind: 'pass' };
    const kind = method === 'commit' || method === 'batchWrite' ? 'commits' : 'reads';
    const outage = this.#outages.fault(instance ?? null, method, this.#time.now());
    const fault = outage ?? this.#scenario.faults[kind][this.#met[kind]++] ?? { kind: 'pass' };
    if (fault.kind === 'pass') return fault;
    const label = 'code' in fault ? `${fault.kind}, code ${fault.code}` : fault.kind;
    this.#tally.add(outage ? 'RPCs in outages' : `faults of ${kind}`, label);
    return fault;
  }

  /** What the next request of a client meets. */
  ofRequest(): Passage {
    const passage = this.#isHealed ? undefined : this.#scenario.passages[this.#met.passages++];
    if (!passage || passage.kind === 'passes') return { kind: 'passes' };
    this.#tally.add('faults of requests', passage.kind);
    return passage;
  }

  /** After how many milliseconds each the next event of a new message is delivered. */
  ofEvent(): number[] {
    const { deliveries } = this.#scenario;
    const delays = deliveries[this.#met.created++ % deliveries.length] ?? [];
    const late = delays.some((ms) => ms > 0) ? ', late' : '';
    this.#tally.add('events', delays.length === 0 ? 'lost' : `delivered ${delays.length} times${late}`);
    return delays;
  }
}
