import { randomUUID } from 'node:crypto';
import { newMessage } from '../sample-messages.ts';

/** The most messages in a session's document, as deployed. */
export const RECENT_MESSAGES = 20;
/** The most messages of one addMessages call. */
const BATCH_SIZE = 10;

/** Params without the limits per user and the deadlines, which a load test would reach. */
export const LOAD_PARAMS = {
  MESSAGES_PER_SESSION: '1000000',
  USER_CALLS_PER_MINUTE: '1000000',
  ADDRESS_CALLS_PER_MINUTE: '1000000',
  RPC_DEADLINE_MS: '30000',
  // No proxy adds an X-Forwarded-For header here.
  TRUSTED_PROXIES: '0',
  // The counting trigger of the suite listens to the default database.
  DATABASE_ID: 'bench',
};

/** A question as input of `addMessage`. */
export const newQuestion = () => ({ role: 'user', content: newMessage('user').content });

/** Opens a session whose document is full, so that further messages do not enlarge it. */
export const openFullSession = async (
  call: (name: string, data: object) => Promise<unknown>,
): Promise<string> => {
  const session_id = randomUUID();
  await call('createSession', { session_id });
  for (let stored = 0; stored < RECENT_MESSAGES; stored += BATCH_SIZE) {
    await call('addMessages', { session_id, messages: Array.from({ length: BATCH_SIZE }, newQuestion) });
  }
  return session_id;
};
