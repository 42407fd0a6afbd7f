import { setTimeout as pause } from 'node:timers/promises';
import { SessionError } from 'kb-sessions-contract/errors';
import type { Durability } from 'kb-sessions-contract/records';
import type { SessionView } from 'kb-sessions-contract/views';
import type { ModelFault } from 'kb-sessions-testing';
import { expireSessions, reconcileCounters } from '../../src/firestore/index.ts';
import { type SessionStore, TieredJournal } from '../../src/index.ts';
import { MemoryJournal } from '../../src/memory/index.ts';
import { RedisJournal } from '../../src/redis/index.ts';
import { messageIdTakenError, sessionNotFoundError } from '../../src/session-errors.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import type { MakeHarness } from '../../src/testing/store-harness.ts';
import { type FailoverInstance, failoverWorld, PLENTY } from './failover-harness.ts';
import { PATIENCE_MS } from './redis-client.ts';

/** What the clock of an instance moves on each time it is looked at: entries that have to wait come to an end. */
const TICK_MS = 100;
const FOREVER = Number.POSITIVE_INFINITY;

/** Two instances of a FailoverStore over one model of Firestore, and over one Redis if there is one. */
export const failoverContractHarness =
  ({
    prepare,
    decidesAtOnce,
    tick,
    redis = null,
  }: {
    prepare(instance: FailoverInstance): SessionStore;
    decidesAtOnce: boolean;
    tick: number;
    redis?: (() => string) | null;
  }): MakeHarness =>
  (given = {}) => {
    const world = failoverWorld({ ...SMALL_LIMITS, ...given });
    const { calm, now } = world;
    let ticks = 0;
    const clock = () => now() + tick * ticks++;
    const shared: RedisJournal[] = [];
    const startInstance = (): FailoverInstance => {
      if (redis === null) return world.startInstance({ clock, gracePeriodMs: 20 * tick });
      const journal = RedisJournal.connect(redis(), PLENTY, PATIENCE_MS);
      shared.push(journal);
      const own = new MemoryJournal(PLENTY);
      return world.startInstance({
        clock,
        gracePeriodMs: 20 * tick,
        journal: new TieredJournal({ shared: journal, local: own, onChange: () => {} }),
      });
    };
    return {
      ...world,
      decidesAtOnce,
      store: prepare(startInstance()),
      peer: prepare(startInstance()),
      settle: async () => {
        await expireSessions(calm, { deadline: FOREVER, clock: now });
        await reconcileCounters(calm, { triggerGraceMs: 0, deadline: FOREVER, clock: now });
      },
      close: async () => {
        await Promise.all(shared.map((journal) => journal.close()));
      },
    };
  };

/** Two RPCs of five fail, half of them after they have taken effect: at random, and always the same. */
const flapping = (): ((method: string) => ModelFault) => {
  let state = 8;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const drawn = state >> 8;
    if (drawn % 5 > 1) return { kind: 'pass' };
    return { kind: drawn % 2 === 0 ? 'before' : 'after', code: 14 };
  };
};

const TRIES = 2000;

/** Offers what is volatile, incomplete or was not answered until it is durable, as a client does. */
const patient = (store: SessionStore): SessionStore => {
  const until = async <Answer>(
    offer: (again: boolean) => Promise<Answer>,
    isDone: (answer: Answer) => boolean = () => true,
  ): Promise<Answer> => {
    let again = false;
    for (let tries = 0; tries < TRIES; tries += 1) {
      try {
        const answer = await offer(again);
        if (isDone(answer)) return answer;
        again = true;
        await pause(1);
      } catch (error) {
        if (!(error instanceof SessionError) || error.code !== 'unavailable') throw asFirstRefused(error);
        await pause(1);
      }
    }
    throw new Error(`was to be durable, found that it is not after ${TRIES} tries`);
  };
  const isDurable = ({ durability }: { durability: Durability }) => durability === 'durable';
  const withoutTrace = (session: SessionView): SessionView => ({ ...session, fallback: false });
  return {
    durability: 'durable',
    create: (operation) => until((replay) => store.create({ ...operation, replay }), isDurable),
    append: (operation) => until((replay) => store.append({ ...operation, replay }), isDurable),
    get: async (operation) => {
      const got = await until(() => store.get(operation), isDurable);
      return { ...got, session: withoutTrace(got.session) };
    },
    history: async (operation) => {
      const history = await until(
        () => store.history(operation),
        // What was stored while its answer got lost waits until it is replayed, and is shown for so long.
        ({ complete, messages }) => complete && messages.every(({ seq }) => seq !== null),
      );
      const messages = history.messages.map((message) => ({
        ...message,
        ...('replayed' in message && { replayed: false }),
      }));
      return { ...history, messages };
    },
    list: async (operation) => {
      const listed = await until(() => store.list(operation));
      return { ...listed, sessions: listed.sessions.map(withoutTrace) };
    },
    end: (operation) => until(() => store.end(operation)),
    feedback: (operation) => until(() => store.feedback(operation)),
    escalate: (operation) => until(() => store.escalate(operation)),
  };
};

/** What the primary says where the fallback had accepted: the same, but later. */
const asFirstRefused = (error: unknown): unknown => {
  if (!(error instanceof SessionError) || error.details.reason !== 'refused') return error;
  return error.details.because === 'not-found' ? sessionNotFoundError() : messageIdTakenError();
};

/** A primary that flaps, and a client that repeats what is not durable yet. */
export const FLAPPING = {
  prepare: (instance: FailoverInstance): SessionStore => {
    instance.meet(flapping());
    return patient(instance.store);
  },
  decidesAtOnce: false,
  tick: TICK_MS,
};
