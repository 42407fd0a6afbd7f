import { v5 } from 'uuid';

const NAMESPACE = '6c0f1d0e-3f0b-4c51-9d4c-6f2a1c0a7b52';

/**
 * The id of the session that continues `session_id` for `owner`. It is derived from both, so retries, two tabs and two
 * instances that open the successor at the same time open the same session.
 */
export const successorId = (owner: string, session_id: string): string =>
  v5(JSON.stringify([owner, session_id]), NAMESPACE);
