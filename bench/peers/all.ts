import { arrayBySet, arrayByUnion } from './array-in-document.ts';
import { connectFirestore, connectFirestoreAtEnd } from './connect-firestore.ts';
import { floors } from './floors.ts';
import { genkit } from './genkit.ts';
import { kbSessions, kbSessionsTogether } from './kb-sessions.ts';
import { langchain } from './langchain.ts';
import { langgraph, langgraphAtExit } from './langgraph/langgraph.ts';
import type { Peer } from './peer.ts';
import { stepwise, transactions } from './sub-collection.ts';

/** In the order of the tables. */
export const peers: readonly Peer[] = [
  kbSessions,
  kbSessionsTogether,
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

/** What would be compared, and why it is not. */
export const absent: readonly { name: string; because: string }[] = [
  {
    name: '@google/adk 2.0.0',
    because:
      'its session services keep sessions in memory, in SQL databases or in Vertex AI, not in Firestore',
  },
  {
    name: '@openai/agents 0.20.0',
    because: 'its sessions are in memory or at OpenAI; there is none on Firestore',
  },
  {
    name: "LangGraph's own checkpointers",
    because:
      'they are for SQLite, Postgres, MongoDB and Redis; the only one on npm for Firestore is in the table',
  },
];
