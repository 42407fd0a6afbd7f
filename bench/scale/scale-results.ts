import type { Footprint } from './footprint.ts';

/** The cost of one operation. */
export type OperationResult = Footprint & {
  reads: number;
  writes: number;
  trips: number;
  bytesUp: number;
  bytesDown: number;
  /** The size of its answer as JSON. */
  answerBytes: number;
};

/** The mean stored size of documents of one kind. */
export type StoredResult = { documentBytes: number; indexEntries: number; indexBytes: number };

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

export type ScaleResults = {
  operations: Record<OperationName, OperationResult>;
  stored: { session: StoredResult; message: StoredResult };
  /** The footprint of a turn of each peer, with the automatic indexes of Firestore. */
  peers: { peer: string; footprint: Footprint }[];
};
