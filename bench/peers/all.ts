import { arrayBySet, arrayByUnion } from './array-in-document.ts';
import { connectFirestore, connectFirestoreAtEnd } from './connect-firestore.ts';
import { floors } from './floors.ts';
import { genkit } from './genkit.ts';
import { kbSessions, kbSessionsBatch } from './kb-sessions.ts';
import { langchain } from './langchain.ts';
import { langgraph, langgraphAtExit } from './langgraph/langgraph.ts';
import type { Peer } from './peer.ts';
import { stepwise, transactions } from './sub-collection.ts';

/** In the order of the tables. */
export const peers: readonly Peer[] = [
  kbSessions,
  kbSessionsBatch,
  genkit,
  langchain,
  langgraph,
  langgraphAtExit,
  connectFirestore,
  connectFirestoreAtEnd,
  arrayBySet,
  arrayByUnion,
  stepwise,
  transactions,
  ...floors,
];
