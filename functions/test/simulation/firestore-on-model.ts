import type { Limits } from 'kb-sessions';
import { FirestoreModel } from 'kb-sessions-testing';
import type { FirestoreHarness } from '../../../packages/sessions/test/support/firestore-harness.ts';
import { frozenTime } from '../../../packages/sessions/test/support/frozen-time.ts';
import { harnessOver } from '../../../packages/sessions/test/support/harness-over.ts';
import { modelClient } from './model-client.ts';

/** What the harness of the emulator gives, over a model of Firestore whose time stands still until it is advanced. */
export const frozenFirestoreHarness = (limits: Partial<Limits> = {}): FirestoreHarness => {
  const time = frozenTime();
  const model = new FirestoreModel(time.now);
  const clients = [modelClient(model), modelClient(model)] as const;
  return harnessOver({ clients, limits, now: time.now, time, close: async () => {} });
};

/**
 * The same under the name of the emulator's harness: the mutation tests load this module in its place.
 *
 * @public
 */
export const firestoreHarness = (limits: Partial<Limits> = {}): FirestoreHarness =>
  frozenFirestoreHarness(limits);
