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
