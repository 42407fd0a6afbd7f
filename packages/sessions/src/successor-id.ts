import { v5 } from 'uuid';

const NAMESPACE = '6c0f1d0e-3f0b-4c51-9d4c-6f2a1c0a7b52';

/**
 * The id of the session that continues `session_id` for `owner`. It follows from the two, so that retries, two
 * tabs and two instances that open it at once open the same one.
 */
export const successorId = (owner: string, session_id: string): string =>
  v5(JSON.stringify([owner, session_id]), NAMESPACE);
