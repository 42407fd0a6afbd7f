import { randomInt } from 'node:crypto';
import { FirestoreModel, type ModelFault } from 'kb-sessions-testing';
import { modelClient } from '../../../../functions/test/simulation/model-client.ts';
import type { ListErasedUsers } from '../../src/erasure/tombstone-poller.ts';
import { type FirestoreContext, FirestoreStore, listErasedUsers } from '../../src/firestore/index.ts';
import {
  type Clock,
  type FailoverEvent,
  FailoverStore,
  type Journal,
  ReadCache,
  withCircuitBreaker,
} from '../../src/index.ts';
import { MemoryJournal } from '../../src/memory/index.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { frozenTime } from './frozen-time.ts';

const UNAVAILABLE = 14;
const UNKNOWN = 2;
export const PLENTY = { entries: 1000, bytes: 2 ** 20 };

/** Instances of a service over one model of Firestore, which can be away for each of them. */
export const failoverWorld = (limits = SMALL_LIMITS) => {
  const time = frozenTime();
  const model = new FirestoreModel(time.now);
  const setupFor = (db: FirestoreContext['db']): FirestoreContext => ({
    db,
    limits,
    deadlineMs: 30_000,
    now: time.now,
    random: (below) => randomInt(below),
  });
  /** Connected to Firestore whatever happens to the instances. */
  const calm = setupFor(modelClient(model));

  const startInstance = ({
    journal = new MemoryJournal(PLENTY),
    cacheSessions = 100,
    clock = time.now,
    gracePeriodMs = 60_000,
    asksErased,
  }: {
    journal?: Journal;
    cacheSessions?: number;
    clock?: Clock;
    gracePeriodMs?: number;
    /** Instead of Firestore. */
    asksErased?: ListErasedUsers;
  } = {}) => {
    const events: FailoverEvent[] = [];
    const link: { fault: (method: string) => ModelFault } = { fault: () => ({ kind: 'pass' }) };
    const schedule = async () => {};
    const db = modelClient(model, { schedule, fault: (method) => link.fault(method) });
    const context = setupFor(db);
    const cache = new ReadCache({ sessions: cacheSessions, bytes: 2 ** 20 });
    const firestore = new FirestoreStore(context, (session) => cache.put(session));
    const primary = withCircuitBreaker(firestore, { failures: 3, probeAfterMs: 0, onChange: () => {} });
    const onEvent = (event: FailoverEvent) => events.push(event);
    const store = new FailoverStore({
      primary,
      journal,
      cache,
      limits,
      clock,
      gracePeriodMs,
      listErasedUsers: asksErased ?? ((since) => listErasedUsers(context, since)),
      onEvent,
    });
    return {
      store,
      primary,
      events,
      /** What each RPC of this instance meets from now on. */
      meet: (fault: (method: string) => ModelFault) => {
        link.fault = fault;
      },
      /** From now on no commit that mentions this succeeds, until what is returned is called. */
      poison: (text: string) => failCommitsOf(db, text),
      cutOff: () => {
        link.fault = () => ({ kind: 'before', code: UNAVAILABLE });
      },
      reconnect: () => {
        link.fault = () => ({ kind: 'pass' });
      },
    };
  };

  return { ...time, limits, model, calm, startInstance };
};

/** The method that a model takes the place of, see FirestoreModel. */
const failCommitsOf = (db: FirestoreContext['db'], text: string): (() => void) => {
  const request: unknown = Reflect.get(db, 'request');
  if (typeof request !== 'function') throw new Error('a client of a model has its method request');
  Object.assign(db, {
    request: async (method: string, given: unknown) => {
      if (method === 'commit' && JSON.stringify(given).includes(text))
        throw Object.assign(new Error('poison'), { code: UNKNOWN });
      return request.call(db, method, given);
    },
  });
  return () => {
    Object.assign(db, { request });
  };
};

export type FailoverWorld = ReturnType<typeof failoverWorld>;
export type FailoverInstance = ReturnType<FailoverWorld['startInstance']>;
