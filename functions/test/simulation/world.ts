import { FirestoreModel, type ModelFault } from 'kb-sessions-testing';
import { v5 } from 'uuid';
import {
  countMessage,
  expireSessions,
  type FirestoreSetup,
  FirestoreStore,
  reconcileCounters,
  type SessionStore,
} from '../../src/session/index.ts';
import type { Creation } from '../fixtures/documents.ts';
import { SOMEBODY } from '../support/actor.ts';
import { SMALL_LIMITS } from '../support/limits.ts';
import { modelClient } from './model-client.ts';
import type { Scenario } from './scenario.ts';
import type { Schedule } from './schedule.ts';
import type { Tally } from './tally.ts';
import type { Variant } from './variant.ts';
import { watchCommits } from './watch-commits.ts';

const INSTANCES = 3;
/** How often the trigger is given an event that it failed on. */
const MAX_DELIVERIES = 3;
const NAMESPACE = '2f1d3c52-6a0f-4d8e-9a3b-0c6f7d1e5b44';
/** Long past every timer of a run: deadlines are the subject of tests of their own. */
const NEVER_MS = 2 ** 30;

/** Full after a few calls. */
export const LIMITS = { ...SMALL_LIMITS, messagesPerSession: 5 };

/** A uuid v4 by its form, always the same for one name: runs are to repeat. */
export const idOf = (name: string): string => {
  const id = v5(name, NAMESPACE);
  return `${id.slice(0, 14)}4${id.slice(15)}`;
};

export const sessionIdOf = (number: number): string => idOf(`session ${number}`);

/** Some instances over one Firestore, its trigger and its jobs, with the faults of a scenario on their connections. */
export class World {
  readonly schedule: Schedule;
  readonly model: FirestoreModel;
  readonly stores: SessionStore[];
  /** A setup whose connection never fails and never waits: for looking, and for what is no subject of the run. */
  readonly calm: FirestoreSetup;
  /** What commits did that none may do, so far. */
  readonly violations: string[];
  readonly #setups: FirestoreSetup[];
  readonly #scheduled: FirestoreSetup;
  readonly #scenario: Scenario;
  readonly #tally: Tally;
  readonly #deliveries = new Set<Promise<void>>();
  readonly #met = { reads: 0, commits: 0 };
  #time = Date.parse('2026-03-01T23:50:00.000Z');
  #created = 0;
  #drawn = 0;
  #isHealed = false;

  constructor(scenario: Scenario, schedule: Schedule, tally: Tally, variant: Variant) {
    this.schedule = schedule;
    this.#scenario = scenario;
    this.#tally = tally;
    this.model = new FirestoreModel(() => this.#time);
    this.violations = watchCommits(this.model, (creation) => this.#deliver(creation));
    const setupOf = (db: FirestoreSetup['db']): FirestoreSetup => ({
      db,
      limits: LIMITS,
      deadlineMs: NEVER_MS,
      now: (readTime) => readTime.toMillis(),
      random: (below) => this.#drawn++ % below,
    });
    const pass = (): ModelFault => ({ kind: 'pass' });
    const connection = { schedule: schedule.turn, fault: (method: string) => this.#nextFault(method) };
    this.calm = setupOf(modelClient(this.model));
    this.#scheduled = setupOf(modelClient(this.model, { schedule: schedule.turn, fault: pass }));
    this.#setups = Array.from({ length: INSTANCES }, () =>
      setupOf(variant.client(modelClient(this.model, connection))),
    );
    this.stores = this.#setups.map((setup) => variant.store(new FirestoreStore(setup)));
  }

  storeAt(instance: number): SessionStore {
    const store = this.stores[instance % INSTANCES];
    if (!store) throw new Error(`instance ${instance}`);
    return store;
  }

  /** One session of each of two users; others are for the run to open. */
  async open(): Promise<void> {
    const store = new FirestoreStore(this.calm);
    for (const [number, owner] of ['ann', 'bob'].entries()) {
      await store.create({ owner, session_id: sessionIdOf(number), user: SOMEBODY });
    }
  }

  wait(minutes: number): void {
    this.#time += minutes * 60_000;
  }

  /** A scheduled job, on connections that fail; what it fails with is for its next run to make good. */
  async reconcile(): Promise<void> {
    const [setup = this.calm] = this.#setups;
    const done = reconcileCounters(setup, {
      youngMs: 0,
      deadline: Number.POSITIVE_INFINITY,
      clock: Date.now,
    });
    await done.then(
      ({ failed }) => this.#tally.add('reconcile', failed > 0 ? 'in part' : 'done'),
      () => this.#tally.add('reconcile', 'failed'),
    );
  }

  /** Races the callers, but on a connection that does not fail: a BulkWriter tries again by timers of its own. */
  async sweep(): Promise<void> {
    const { expired, skipped, failed } = await expireSessions(this.#scheduled, {
      deadline: Number.POSITIVE_INFINITY,
      clock: Date.now,
    });
    for (let each = 0; each < expired; each += 1) this.#tally.add('sweep', 'expired');
    for (let each = 0; each < skipped; each += 1) this.#tally.add('sweep', 'skipped');
    if (failed > 0) throw new Error(`a sweep failed for ${failed}`);
  }

  /** No more faults; every late commit and every event has come, and the jobs have run. */
  async heal(): Promise<void> {
    this.#isHealed = true;
    await this.model.landed();
    while (this.#deliveries.size > 0) await Promise.all(this.#deliveries);
    await this.sweep();
    const { failed, failure } = await reconcileCounters(this.calm, {
      youngMs: 0,
      deadline: Number.POSITIVE_INFINITY,
      clock: Date.now,
    });
    if (failed > 0) throw new Error(`a reconcile without faults failed for ${failed}`, { cause: failure });
  }

  #nextFault(method: string): ModelFault {
    const kind = method === 'commit' ? 'commits' : 'reads';
    const fault = this.#isHealed ? undefined : this.#scenario.faults[kind][this.#met[kind]++];
    if (!fault || fault.kind === 'pass') return { kind: 'pass' };
    this.#tally.add(`faults of ${kind}`, 'code' in fault ? `${fault.kind} ${fault.code}` : fault.kind);
    return fault;
  }

  #deliver(creation: Creation): void {
    const { deliveries } = this.#scenario;
    const times = deliveries[this.#created % deliveries.length] ?? 1;
    for (let each = 0; each < times; each += 1) this.#track(this.#trigger(creation, this.#created + each));
    this.#tally.add('events', `delivered ${times} times`);
    this.#created += 1;
  }

  async #trigger({ message, updateTime }: Creation, instance: number): Promise<void> {
    const setup = this.#setups[instance % INSTANCES] ?? this.calm;
    for (let delivery = 0; delivery < MAX_DELIVERIES; delivery += 1) {
      await this.schedule.turn('event');
      try {
        this.#tally.add('counting', await countMessage(setup, message, updateTime));
        return;
      } catch {
        this.#tally.add('counting', 'failed');
      }
    }
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#deliveries.delete(tracked));
    this.#deliveries.add(tracked);
  }
}
