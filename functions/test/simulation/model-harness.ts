import { randomInt } from 'node:crypto';
import { FirestoreModel } from 'kb-sessions-testing';
import {
  expireSessions,
  type FirestoreSetup,
  FirestoreStore,
  reconcileCounters,
} from '../../src/session/index.ts';
import { frozenTime } from '../support/frozen-time.ts';
import { SMALL_LIMITS } from '../support/limits.ts';
import type { MakeHarness } from '../support/store-harness.ts';
import { modelClient } from './model-client.ts';

/** FirestoreStores on a model of Firestore whose time stands still until it is advanced. */
export const modelHarness: MakeHarness = (given = {}) => {
  const limits = { ...SMALL_LIMITS, ...given };
  const time = frozenTime();
  const model = new FirestoreModel(time.now);
  const setup: FirestoreSetup = {
    db: modelClient(model),
    limits,
    deadlineMs: 30_000,
    now: time.now,
    random: (below) => randomInt(below),
  };
  return {
    store: new FirestoreStore(setup),
    peer: new FirestoreStore({ ...setup, db: modelClient(model) }),
    limits,
    decidesAtOnce: true,
    ...time,
    settle: async () => {
      await expireSessions(setup, { deadline: Number.POSITIVE_INFINITY, clock: time.now });
      await reconcileCounters(setup, { youngMs: 0, deadline: Number.POSITIVE_INFINITY, clock: time.now });
    },
    close: async () => {},
  };
};
