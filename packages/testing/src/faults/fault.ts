import type { status } from '@grpc/grpc-js';
import type { FirestoreMethod } from '../protos.ts';

/** Which calls a fault concerns, and which of these it strikes. */
interface FaultSelector {
  /** As in `['Commit', 'BatchGetDocuments']`; all by default. */
  readonly methods?: readonly FirestoreMethod[];
  /**
   * As in `kb_messages/`: the call names a document, or queries a collection, whose path below the database's documents
   * starts with it. The path of a collection ends with a slash.
   */
  readonly prefix?: string;
  /** How many of the calls concerned pass before the first one is struck. */
  readonly skip?: number;
  /** How many calls are struck; by default all until the fault is removed. */
  readonly times?: number;
}

/** The caller gets an error of gRPC. */
export interface StatusEffect {
  readonly kind: 'code';
  readonly code: Exclude<keyof typeof status, 'OK'>;
  readonly message?: string;
}

/** The caller's connection is reset, and with it all calls on it. */
interface DropEffect {
  readonly kind: 'drop';
}

interface DelayEffect {
  readonly kind: 'delay';
  readonly ms: number;
}

/** Nothing goes on until the fault is removed. */
interface BlackHoleEffect {
  readonly kind: 'black-hole';
}

/** That many messages of the answer get through, then the connection is reset. */
interface CutEffect {
  readonly kind: 'cut';
  readonly afterMessages: number;
}

/** A call held on its way to the emulator is lost when its caller gives up, unless it is to be applied all the same. */
interface LateApplication {
  readonly thenApply?: boolean;
}

export type EffectBefore = StatusEffect | DropEffect | ((DelayEffect | BlackHoleEffect) & LateApplication);
export type EffectAfter = StatusEffect | DropEffect | DelayEffect | BlackHoleEffect | CutEffect;

/**
 * What goes wrong with which calls; plain JSON. `before`: on the way to the emulator, which sees the call only once the
 * effect lets it pass. `after`: on the way back; the emulator has applied the call and answered to the end, whatever the
 * caller did meanwhile. Calls whose requests are a stream (Listen, Write) have no such end: nothing `after` and
 * nothing with `thenApply` concerns them.
 */
export type Fault = FaultSelector &
  (
    | { readonly when: 'before'; readonly effect: EffectBefore }
    | { readonly when: 'after'; readonly effect: EffectAfter }
  );
