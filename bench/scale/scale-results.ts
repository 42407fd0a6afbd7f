import type { Footprint } from './footprint.ts';

/** What one operation takes. */
export interface OperationResult extends Footprint {
  readonly reads: number;
  readonly writes: number;
  readonly trips: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Of its answer as JSON. */
  readonly answerBytes: number;
}

/** What is stored of a document, in the mean of its kind. */
export interface StoredResult {
  readonly documentBytes: number;
  readonly indexEntries: number;
  readonly indexBytes: number;
}

export type OperationName =
  | 'createSession'
  | 'getSession'
  | 'getHistory'
  | 'addMessage, question'
  | 'addMessage, answer'
  | 'onMessageCreated'
  | 'endSession'
  | 'expireSessions'
  | 'reconcileCounters';

export interface ScaleResults {
  readonly operations: Readonly<Record<OperationName, OperationResult>>;
  readonly stored: { readonly session: StoredResult; readonly message: StoredResult };
  /** Where a turn of each peer writes, with the indexes that Firestore keeps unless told otherwise. */
  readonly peers: readonly { readonly peer: string; readonly footprint: Footprint }[];
}
