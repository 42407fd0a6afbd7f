import { randomUUID } from 'node:crypto';
import type { CallInput, CallName } from 'kb-sessions-contract';

/** Personal data that is in every payload: it must come back in no answer and stand in no log. */
export const CANARIES = {
  email: 'canary-4be1@example.com',
  name: 'Canary Name-4be1',
  content: 'canary content 4be1',
  token: 'canarytoken4be1',
};

/** An input of each call that is accepted, with every field there is but `user_id`, which names somebody else. */
export const validInputs = (
  session_id: string,
  message_id: string,
): { [Name in CallName]: CallInput<Name> } => {
  const text = CANARIES.content;
  const message: CallInput<'addMessages'>['messages'][number] = {
    role: 'user',
    content: text,
    metadata: { confidence: 0.5, collections_used: [text], escalated: true, intent: text, topics: [text] },
    message_id: randomUUID(),
  };
  const appending = { session_id, context_limit: 5, recover: true, replay: false };
  const exporting = { limit: 5, format: 'csv' } as const;
  return {
    createSession: {
      user_info: {
        user_email: CANARIES.email,
        user_name: CANARIES.name,
        company: text,
        division: text,
        user_type: text,
      },
      session_id: randomUUID(),
      replay: false,
    },
    getSession: { session_id, recover: true },
    addMessage: { ...appending, ...message },
    addMessages: { ...appending, messages: [message, { ...message, message_id: randomUUID() }] },
    getHistory: { session_id, limit: 5, before_seq: 5, full: true },
    listSessions: { limit: 5, status: 'active' },
    endSession: { session_id },
    submitFeedback: { session_id, message_id, rating: 'negative', comment: text },
    escalateSession: { session_id, reason: text },
    endMySessions: {},
    endUserSessions: { user_id: 'nobody' },
    exportMyData: exporting,
    exportUserData: { ...exporting, user_id: 'nobody' },
    deleteMyData: {},
    deleteUserData: { user_id: 'nobody' },
    getActiveSessions: { limit: 5, cursor: session_id },
    clearExpiredSessions: {},
    getMetrics: {},
  };
};
