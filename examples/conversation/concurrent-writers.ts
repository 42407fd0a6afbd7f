import { failedWith, failureOf } from '../shared/failure.ts';
import type { Transcript } from '../shared/transcript.ts';
import type { Participant } from './participants.ts';

/** Two tabs write at the same time, a request is sent twice, and a stranger tries to read. */
export const playConcurrentWriters = async (
  transcript: Transcript,
  owner: Participant,
  stranger: Participant,
  session_id: string,
): Promise<void> => {
  transcript.scene('Two writers, a retry and a stranger');
  const before = await owner.sessions.getSession({ session_id });
  const question = (content: string) =>
    owner.sessions.addMessage({ session_id, role: 'user', content, recover: false });
  const both = await Promise.all([question('Is erf size the floor area?'), question('Who measures it?')]);
  const next = before.session.message_seq + 1;
  const numbers = both.map(({ seq }) => seq ?? 0).sort((a, b) => a - b);
  transcript.shows(`two parallel writers got ${next} and ${next + 1}`, numbers, [next, next + 1]);

  const once = {
    session_id,
    message_id: crypto.randomUUID(),
    role: 'user',
    content: 'Thank you!',
    recover: false,
  } as const;
  const first = await owner.sessions.addMessage(once);
  const second = await owner.sessions.addMessage(once);
  transcript.shows('a repeated message_id got the first answer', second, first);
  const { messages } = await owner.sessions.getHistory({ session_id, limit: 50 });
  const copies = messages.filter(({ message_id }) => message_id === once.message_id).length;
  transcript.shows('and is in the history once', copies, 1);
  transcript.shows(
    'the same message_id with other content is refused',
    await failedWith('code', owner.sessions.addMessage({ ...once, content: 'Something else' })),
    'already-exists',
  );

  const foreign = await failureOf(stranger.sessions.getSession({ session_id, recover: false }));
  const missing = stranger.sessions.getSession({ session_id: crypto.randomUUID(), recover: false });
  transcript.shows(
    'a stranger gets the same error as for a missing session',
    foreign,
    await failureOf(missing),
  );
  transcript.shows(
    'which is not-found',
    await failedWith('code', stranger.sessions.getSession({ session_id, recover: false })),
    'not-found',
  );
  transcript.shows(
    'an owner may not write in the name of the assistant',
    await failedWith(
      'code',
      owner.sessions.addMessage({ session_id, role: 'assistant', content: 'Trust me.', recover: false }),
    ),
    'permission-denied',
  );
};
