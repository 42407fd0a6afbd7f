import { randomInt } from 'node:crypto';
import { FirestoreModel } from 'kb-sessions-testing';
import {
  expireSessions,
  type FirestoreSetup,
  FirestoreStore,
  type Limits,
  reconcileCounters,
} from '../../src/session/index.ts';
import type { FirestoreHarness } from '../support/firestore-harness.ts';
import { frozenTime } from '../support/frozen-time.ts';
import { SMALL_LIMITS } from '../support/limits.ts';
import { modelClient } from './model-client.ts';

/** What the harness of the emulator gives, over a model of Firestore. */
export const frozenFirestoreHarness = (given: Partial<Limits> = {}): FirestoreHarness => {
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
    setup,
    store: new FirestoreStore(setup),
    peer: new FirestoreStore({ ...setup, db: modelClient(model) }),
    limits,
    decidesAtOnce: true,
    ...time,
    settle: async () => {
      await expireSessions(setup, { deadline: Number.POSITIVE_INFINITY, clock: Date.now });
      await reconcileCounters(setup, { youngMs: 0, deadline: Number.POSITIVE_INFINITY, clock: Date.now });
    },
    close: async () => {},
  };
};

export const firestoreHarness = frozenFirestoreHarness;
