import {
  type Caller,
  type CircuitBreakerStore,
  FailoverStore,
  type Journal,
  ReadCache,
  type Session,
  SessionManager,
  withCircuitBreaker,
} from 'kb-sessions';
import { type FirestoreContext, FirestoreStore, listErasedUsers } from 'kb-sessions/firestore';
import { type CallName, type CallOutput, contract, type ParsedInput } from 'kb-sessions-contract';
import type { FirestoreModel, ModelFault } from 'kb-sessions-testing';
import type * as z from 'zod';
import { handlers } from '../../src/callables/handlers.ts';
import { parsePayload } from '../../src/callables/parse-payload.ts';
import { Metrics } from '../../src/logging/metrics.ts';
import { modelClient } from './model-client.ts';
import type { Trace } from './trace.ts';
import type { Variant } from './variant.ts';

export type InstanceOptions = {
  name: string;
  model: FirestoreModel;
  /** Everything of a context but its connection. */
  context: Omit<FirestoreContext, 'db'>;
  schedule(label: string): Promise<void>;
  fault(method: string): ModelFault;
  /** How far its clock is ahead, in milliseconds. */
  skewMs: number;
  now(): number;
  /** The journal it has, with turns that end with it. */
  journal(schedule: (label: string) => Promise<void>): Journal;
  variant: Variant;
  trace: Trace;
  /** Something that it held will never be taken. */
  onRefused(): void;
};

const never = new Promise<never>(() => {});

/** An instance of the deployed functions, put together as `compose.ts` does it, over a model of Firestore. */
export class Instance {
  readonly name: string;
  /** What its clock shows at a time. */
  readonly clock: (ms: number) => number;
  readonly context: FirestoreContext;
  readonly primary: CircuitBreakerStore;
  readonly store: FailoverStore;
  readonly sessions: SessionManager;
  readonly metrics = new Metrics();
  readonly onSessionRead: (session: Session) => void;
  /** How many reads Firestore has answered. */
  reads = 0;
  readonly #died = Promise.withResolvers<void>();
  #isAlive = true;
  #lands = false;

  constructor({
    name,
    model,
    context,
    skewMs,
    now,
    journal,
    variant,
    trace,
    onRefused,
    ...connection
  }: InstanceOptions) {
    this.name = name;
    this.clock = (ms) => ms + skewMs;
    const turn = async (label: string) => {
      await connection.schedule(`${name}: ${label}`);
      if (!this.#isAlive && (label.endsWith('answers') || !this.#lands)) await never;
    };
    const schedule = async (label: string) => {
      await turn(label);
      if (label.endsWith('answers') && !label.startsWith('commit')) this.reads += 1;
    };
    const fault = (method: string) => {
      const met = connection.fault(method);
      trace(
        `${name} sends ${method}${met.kind === 'pass' ? '' : ', which meets'}`,
        met.kind === 'pass' ? undefined : met,
      );
      return met;
    };
    this.context = { ...context, db: variant.client(modelClient(model, { schedule, fault })) };
    const { limits } = context;
    const cache = new ReadCache({ sessions: 100, bytes: 2 ** 20 });
    this.onSessionRead = (session) => cache.put(session);
    const firestore = new FirestoreStore(this.context, this.onSessionRead);
    const onChange = (state: string) => trace(`${name}: its breaker is ${state}`);
    this.primary = withCircuitBreaker(variant.primary(firestore), {
      failures: 3,
      probeAfterMs: PROBE_AFTER_MS,
      onChange,
    });
    this.store = new FailoverStore({
      primary: this.primary,
      journal: variant.journal(journal(turn)),
      cache,
      limits,
      clock: () => this.clock(now()),
      gracePeriodMs: PATIENCE_MS,
      listErasedUsers: (since) => listErasedUsers(this.context, since),
      onEvent: ({ event }) => {
        trace(`${name}: its fallback is ${event}`);
        if (event === 'refused') onRefused();
      },
    });
    this.sessions = new SessionManager({ store: variant.store(this.store, cache), ownersMayAnswer: true });
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Resolves when it dies. */
  get died(): Promise<void> {
    return this.#died.promise;
  }

  /** All it holds is gone and nothing is answered any more. What it has sent still arrives if it `lands`. */
  die(lands: boolean): void {
    this.#isAlive = false;
    this.#lands = lands;
    this.#died.resolve();
  }

  /** As the deployed functions answer a payload. @throws SessionError */
  async answer<Name extends CallName>(name: Name, caller: Caller, data: unknown): Promise<CallOutput<Name>> {
    // TypeScript does not follow that the schema and the call are those of one name.
    const schema = contract[name].input as unknown as z.ZodType<ParsedInput<Name>>;
    return handlers[name].handle(this, caller, parsePayload(schema, data));
  }
}

export const DEADLINE_MS = 2_000;
export const PROBE_AFTER_MS = 5_000;
export const PATIENCE_MS = 60_000;
