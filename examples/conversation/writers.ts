import { failureOf, type Report } from './report.ts';
import type { Actor } from './stage.ts';

/** Two tabs write at once; an answer gets lost and its request is sent again; somebody else tries. */
export async function playWriters(
  report: Report,
  owner: Actor,
  stranger: Actor,
  session_id: string,
): Promise<void> {
  report.scene('Two writers, a retry and a stranger');
  const before = await owner.sessions.getSession({ session_id });
  const question = (content: string) =>
    owner.sessions.addMessage({ session_id, role: 'user', content, recover: false });
  const both = await Promise.all([question('Is erf size the floor area?'), question('Who measures it?')]);
  const next = before.session.message_seq + 1;
  const numbers = both.map(({ seq }) => seq ?? 0).sort((a, b) => a - b);
  report.shows(`two parallel writers got ${next} and ${next + 1}`, numbers, [next, next + 1]);

  const once = {
    session_id,
    message_id: crypto.randomUUID(),
    role: 'user',
    content: 'Thank you!',
    recover: false,
  } as const;
  const first = await owner.sessions.addMessage(once);
  const second = await owner.sessions.addMessage(once);
  report.shows('a repeated message_id got the first answer', second, first);
  const { messages } = await owner.sessions.getHistory({ session_id, limit: 50 });
  const copies = messages.filter(({ message_id }) => message_id === once.message_id).length;
  report.shows('and is in the history once', copies, 1);
  const other = await failureOf(owner.sessions.addMessage({ ...once, content: 'Something else' }));
  report.shows(
    'the same message_id with other content is refused',
    other && 'code' in other && other.code,
    'already-exists',
  );

  const foreign = await failureOf(stranger.sessions.getSession({ session_id, recover: false }));
  const missing = await failureOf(
    stranger.sessions.getSession({ session_id: crypto.randomUUID(), recover: false }),
  );
  report.shows(
    'a stranger gets what a missing session gives: not-found',
    [foreign, foreign && 'code' in foreign && foreign.code],
    [missing, 'not-found'],
  );
  const answered = await failureOf(
    owner.sessions.addMessage({ session_id, role: 'assistant', content: 'Trust me.', recover: false }),
  );
  report.shows(
    'an owner may not answer in the name of the assistant',
    answered && 'code' in answered && answered.code,
    'permission-denied',
  );
}
