import { randomUUID } from 'node:crypto';
import { say } from '../content.ts';

/** How many of its messages a session's document holds at most, as deployed. */
export const RECENT = 20;
/** What `addMessages` takes at most. */
const AT_ONCE = 10;

/** A message as `addMessage` takes it. */
export function question() {
  return { role: 'user', content: say('user').content };
}

/** Opens a session whose document is full, and so stays as large as it is, however many messages follow. */
export async function openFullSession(
  ask: (call: string, data: object) => Promise<unknown>,
): Promise<string> {
  const session_id = randomUUID();
  await ask('createSession', { session_id });
  for (let held = 0; held < RECENT; held += AT_ONCE) {
    await ask('addMessages', { session_id, messages: Array.from({ length: AT_ONCE }, question) });
  }
  return session_id;
}
