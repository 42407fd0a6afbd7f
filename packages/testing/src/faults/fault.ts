import type { status } from '@grpc/grpc-js';
import type { FirestoreMethod } from '../protos.ts';

/** Which calls a fault concerns, and which of these it strikes. */
type FaultSelector = {
  /** As in `['Commit', 'BatchGetDocuments']`; all by default. */
  methods?: readonly FirestoreMethod[];
  /**
   * As in `kb_messages/`: the call names a document, or queries a collection, whose path below the database's documents
   * starts with it. The path of a collection ends with a slash.
   */
  prefix?: string;
  /** How many of the calls concerned pass before the first one is struck. */
  skip?: number;
  /** How many calls are struck; by default all until the fault is removed. */
  times?: number;
};

/** The caller gets an error of gRPC. */
export type StatusEffect = {
  kind: 'code';
  code: Exclude<keyof typeof status, 'OK'>;
  message?: string;
};

/** The caller's connection is reset, and with it all calls on it. */
type DropEffect = {
  kind: 'drop';
};

type DelayEffect = {
  kind: 'delay';
  ms: number;
};

/** Nothing goes on until the fault is removed. */
type BlackHoleEffect = {
  kind: 'black-hole';
};

/** That many messages of the answer get through, then the connection is reset. */
type CutEffect = {
  kind: 'cut';
  afterMessages: number;
};

/** A call held on its way to the emulator is lost when its caller gives up, unless it is to be applied all the same. */
type LateApplication = {
  thenApply?: boolean;
};

export type EffectBefore = StatusEffect | DropEffect | ((DelayEffect | BlackHoleEffect) & LateApplication);
export type EffectAfter = StatusEffect | DropEffect | DelayEffect | BlackHoleEffect | CutEffect;

/**
 * What goes wrong with which calls; plain JSON. `before`: on the way to the emulator, which sees the call only once the
 * effect lets it pass. `after`: on the way back; the emulator has applied the call and answered to the end, whatever the
 * caller did meanwhile. Calls whose requests are a stream (Listen, Write) have no such end: nothing `after` and
 * nothing with `thenApply` concerns them.
 */
export type Fault = FaultSelector &
  ({ when: 'before'; effect: EffectBefore } | { when: 'after'; effect: EffectAfter });
