import { SessionError, TieredJournal } from 'kb-sessions';
import { type FirestoreContext, FirestoreStore } from 'kb-sessions/firestore';
import { SOMEBODY } from 'kb-sessions/internal/testing/actor';
import { SMALL_LIMITS } from 'kb-sessions/internal/testing/small-limits';
import { MemoryJournal } from 'kb-sessions/memory';
import { memoryStorage, type OutboxStorage } from 'kb-sessions-client';
import { FirestoreModel } from 'kb-sessions-testing';
import { BackgroundFunctions } from './background-functions.ts';
import type { Coverage } from './coverage.ts';
import { History } from './history.ts';
import { sessionOf } from './ids.ts';
import { DEADLINE_MS, Instance } from './instance.ts';
import { modelClient } from './model-client.ts';
import { Network } from './network.ts';
import { RandomFaults } from './random-faults.ts';
import { LONGEST_MS, type Scenario, type WorldStep } from './scenario.ts';
import type { Schedule } from './schedule.ts';
import { SharedJournal } from './shared-journal.ts';
import { Tab } from './tab.ts';
import type { Trace } from './trace.ts';
import type { Variant } from './variant.ts';
import type { VirtualTime } from './virtual-time.ts';
import { watchCommits } from './watch-commits.ts';

const MINUTE_MS = 60_000;
const JOURNAL_ENTRIES = 1000;
const JOURNAL_BYTES = 2 ** 20;

/** Who is erased where somebody is. */
const ERASED = 'ann';
/** Between the first sweep and the second, and a little more. */
const SECOND_SWEEP_MS = 16 * MINUTE_MS;
/** Two sweeps, and one that was under way. */
const MAX_ERASURES = 4;

/** Full after a few calls. */
const LIMITS = { ...SMALL_LIMITS, messagesPerSession: 5 };

export type DeploymentOptions = {
  scenario: Scenario;
  schedule: Schedule;
  time: VirtualTime;
  random(): number;
  tally: Coverage;
  variant: Variant;
  trace: Trace;
};

/** Instances over one Firestore, its trigger and its jobs, the tabs of some users, and what goes wrong between them. */
export class SimulatedDeployment {
  readonly schedule: Schedule;
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly mishaps: RandomFaults;
  readonly history: History;
  readonly model: FirestoreModel;
  readonly instances: Instance[];
  /** A context whose connection never fails and never waits: for looking, and for what is no subject of the run. */
  readonly calm: FirestoreContext;
  readonly #options: DeploymentOptions;
  readonly #context: Omit<FirestoreContext, 'db'>;
  readonly #apart: BackgroundFunctions;
  readonly #network: Network;
  readonly #storages: OutboxStorage[];
  readonly #shared: SharedJournal | null;
  #started = 0;

  constructor(options: DeploymentOptions) {
    const { scenario, schedule, time, random, tally, variant, trace } = options;
    this.#options = options;
    this.schedule = schedule;
    this.time = time;
    this.trace = trace;
    this.mishaps = new RandomFaults(scenario, time, tally);
    this.history = new History();
    this.model = new FirestoreModel(time.now);
    this.#context = {
      limits: LIMITS,
      deadlineMs: DEADLINE_MS,
      now: (readTime) => readTime.toMillis(),
      random: (below) => Math.floor(random() * below),
    };
    this.calm = { ...this.#context, db: modelClient(this.model) };
    const fault = (method: string) => this.mishaps.ofRpc(method);
    const apart = modelClient(this.model, { schedule: (label) => schedule.turn(`apart: ${label}`), fault });
    const bounds = { entries: JOURNAL_ENTRIES, bytes: JOURNAL_BYTES };
    this.#shared = scenario.shared ? new SharedJournal(bounds, time.now) : null;
    const own = new MemoryJournal(bounds);
    const shared = this.#shared?.connect(schedule.turn);
    const journal = shared ? new TieredJournal({ shared, local: own, onChange: () => {} }) : own;
    const forget = (owner: string) => journal.removeOwner(owner);
    const context = { ...this.#context, db: variant.client(apart) };
    this.#apart = new BackgroundFunctions({ context, forget, schedule, time, tally });
    this.#watch();
    this.instances = scenario.instances.map((_, number) => this.#start(number));
    this.#network = new Network(this);
    this.#storages = scenario.devices.map(() => variant.storage(memoryStorage()));
  }

  moment() {
    return { turn: this.schedule.turns, ms: this.time.now() };
  }

  instanceAt(number: number): Instance {
    const instance = this.instances[number];
    if (!instance) throw new Error(`instance ${number}`);
    return instance;
  }

  /** One session of each of two users; others are for the run to open. */
  async open(): Promise<void> {
    const store = new FirestoreStore(this.calm);
    for (const owner of ['ann', 'bob'])
      await store.create({ owner, session_id: sessionOf(owner), user: SOMEBODY, replay: false });
  }

  openTab(name: string, device: number, route: number[]): Tab {
    const { scenario, tally } = this.#options;
    const [user, storage] = [scenario.devices[device]?.user, this.#storages[device]];
    if (!user || !storage) throw new Error(`device ${device}`);
    return new Tab({
      name,
      device,
      user,
      storage,
      route,
      carrier: this.#network,
      onSettled: (settled) => {
        this.trace(`${name} is told`, settled);
        tally.add('told later', settled.outcome);
        this.history.told.push({ device, user, settled, at: this.moment() });
      },
    });
  }

  happen(step: WorldStep): void {
    if (step.kind === 'job') {
      for (let each = 0; each < step.times; each += 1) this.#apart.start(step.job);
    } else if (step.kind === 'outage') {
      this.mishaps.beginOutage(step);
    } else if (step.kind === 'erase') {
      this.#erase(ERASED);
    } else if (step.kind === 'shared away') {
      this.#shared?.goAway(step.ms);
    } else if (step.kind === 'shared lost') {
      this.#shared?.lose();
    } else {
      this.#options.tally.add('instances', 'killed');
      this.instanceAt(step.instance).die(step.lands);
      this.instances[step.instance] = this.#start(step.instance);
    }
  }

  /** No more faults; what is late and what runs in the background is over. */
  async heal(): Promise<void> {
    this.trace('no more faults');
    this.mishaps.heal();
    this.#shared?.comeBack();
    // What is late or slow lands meanwhile.
    await this.time.sleep(LONGEST_MS);
    await this.#apart.done();
  }

  /** All that is asked to be erased is, for good: the schedule runs until it says so. */
  async erase(): Promise<void> {
    for (const [owner, erasure] of this.history.erased) {
      for (let run = 0; run < MAX_ERASURES && erasure.receipt?.status !== 'complete'; run += 1) {
        await this.#apart.run('erasures', this.calm);
        erasure.receipt = await this.#apart.erase(owner, this.calm);
        await this.time.sleep(SECOND_SWEEP_MS);
      }
    }
  }

  /** Both jobs once more, and the events of all that was stored. */
  async finish(): Promise<void> {
    await this.#apart.run('sweep', this.calm);
    await this.#apart.run('reconcile', this.calm);
    await this.#apart.done();
  }

  /** Asked again until it is accepted, as people do. */
  #erase(owner: string): void {
    this.#apart.begin(async () => {
      while (!this.history.erased.has(owner)) {
        await this.schedule.turn('erasure');
        try {
          const receipt = await this.#apart.erase(owner);
          this.history.erased.set(owner, { since: this.moment(), receipt });
        } catch (error) {
          if (!(error instanceof SessionError)) throw error;
          await this.time.sleep(MINUTE_MS);
        }
      }
    });
  }

  #start(number: number): Instance {
    const { scenario, variant, trace } = this.#options;
    const { entries = 0, skew = 0 } = scenario.instances[number] ?? {};
    this.#started += 1;
    const name = `instance ${number}${this.#started > scenario.instances.length ? `, start ${this.#started}` : ''}`;
    return new Instance({
      name,
      model: this.model,
      context: this.#context,
      schedule: this.schedule.turn,
      fault: (method) => this.mishaps.ofRpc(method, number),
      skewMs: skew * MINUTE_MS,
      now: this.time.now,
      journal: (turn) => {
        const own = new MemoryJournal({ entries, bytes: JOURNAL_BYTES });
        const shared = this.#shared?.connect(turn);
        return shared ? new TieredJournal({ shared, local: own, onChange: () => {} }) : own;
      },
      variant,
      trace,
      onRefused: () => this.history.refusedBy.add(name),
    });
  }

  #watch(): void {
    const { expires, opened, closed, stored, violations, ever } = this.history;
    watchCommits(this.model, violations, {
      seen: (session, creation) => {
        ever.sessions.set(creation, session);
        expires.set(session.session_id, Date.parse(session.expires_at));
      },
      written: (message) => ever.messages.set(message.message_id, message),
      opened: ({ session_id }) => opened.set(session_id, this.moment()),
      closed: ({ session_id }) => closed.set(session_id, this.moment()),
      created: (creation) => {
        stored.set(creation.message.message_id, this.moment());
        this.#apart.deliver(creation, this.mishaps.ofEvent());
      },
    });
  }
}
