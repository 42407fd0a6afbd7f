import { type Caller, SessionError } from 'kb-sessions';
import { SessionsError } from 'kb-sessions-client';
import type { CallName, CallOutput } from 'kb-sessions-contract';
import { AGENT, failureOf, type Moment, type Outcome, ownerOf, type Request } from './call.ts';
import type { History } from './history.ts';
import type { Instance } from './instance.ts';
import type { RandomFaults } from './random-faults.ts';
import type { Schedule } from './schedule.ts';
import type { Carrier, Tab } from './tab.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

const viaJson = (value: unknown) => JSON.parse(JSON.stringify(value ?? null));
const unanswered = () => new SessionsError('unavailable', 'the server did not answer');
const givenUp = () => new SessionsError('deadline-exceeded', 'the answer takes too long');
const closed = () => new SessionsError('cancelled', 'the tab was closed');

/** The part of the deployment that its network uses. */
export type NetworkWorld = {
  schedule: Schedule;
  time: VirtualTime;
  trace: Trace;
  mishaps: RandomFaults;
  history: History;
  instanceAt(number: number): Instance;
  moment(): Moment;
};

/** Between tabs and instances: requests and answers are delayed and lost, and instances die before they answer. */
export class Network implements Carrier {
  readonly #world: NetworkWorld;

  constructor(world: NetworkWorld) {
    this.#world = world;
  }

  carry<Name extends CallName>(tab: Tab, name: Name, data: unknown): Promise<CallOutput<Name>> {
    const isClosed = tab.closed.then(() => Promise.reject(closed()));
    return Promise.race([isClosed, this.#pass(tab, name, viaJson(data))]);
  }

  async #pass<Name extends CallName>(tab: Tab, name: Name, data: unknown): Promise<CallOutput<Name>> {
    const { schedule, time } = this.#world;
    const passage = this.#world.mishaps.ofRequest();
    await schedule.turn(`${tab.name}: ${name}`);
    if (passage.kind === 'request lost') throw unanswered();
    const answering = this.#serve(this.#world.instanceAt(tab.next()), tab, name, data);
    if (passage.kind === 'given up') {
      answering.catch(() => {});
      throw givenUp();
    }
    try {
      const answer = await answering;
      if (passage.kind === 'answer lost') throw unanswered();
      return viaJson(answer);
    } finally {
      if (passage.kind === 'answered late') await time.sleep(passage.ms);
      await schedule.turn(`${tab.name}: ${name} answers`);
    }
  }

  async #serve<Name extends CallName>(
    instance: Instance,
    tab: Tab,
    name: Name,
    data: unknown,
  ): Promise<CallOutput<Name>> {
    const { history, trace } = this.#world;
    const trusted = tab.user === AGENT;
    const caller: Caller = { user_id: tab.user, trusted, email: null, name: null };
    const [from, reads] = [this.#world.moment(), instance.reads];
    const record = (outcome: Outcome<Name>): void => {
      trace(`${instance.name} answers ${name} of ${tab.name}:`, outcome);
      const to = this.#world.moment();
      const by = { owner: ownerOf(tab.user, data), tab: tab.name, device: tab.device, instance };
      const request: unknown = {
        name,
        input: data,
        ...by,
        from,
        to,
        outcome,
        reads: { from: reads, to: instance.reads },
      };
      // TypeScript does not follow that input and outcome are those of one name.
      history.requests.push(request as Request);
    };
    trace(`${instance.name} gets ${name} of ${tab.name}:`, data);
    history.unanswered += 1;
    try {
      const dead = instance.died.then(() => Promise.reject(unanswered()));
      const answer = await Promise.race([dead, instance.answer(name, caller, data)]);
      record({ kind: 'ok', answer });
      return answer;
    } catch (error) {
      const refused = asSeen(error);
      if (refused.code === 'internal') history.violations.push(`${name} failed with ${explain(error)}`);
      record(failureOf(refused.code, refused.reason ?? undefined));
      throw refused;
    } finally {
      history.unanswered -= 1;
    }
  }
}

/** As an error arrives at a client. */
const asSeen = (error: unknown): SessionsError => {
  if (error instanceof SessionsError) return error;
  if (!(error instanceof SessionError)) return new SessionsError('internal', 'internal error');
  return new SessionsError(error.code, error.message, viaJson(error.details));
};

const explain = (error: unknown): string => (error instanceof Error ? String(error.stack) : String(error));
