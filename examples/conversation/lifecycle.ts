import { doc, getDoc } from 'firebase/firestore';
import type { Suite } from '../../tools/emulators/suite.ts';
import { fireSchedule } from '../../tools/schedules.ts';
import { failedWith } from '../shared/failure.ts';
import type { Transcript } from '../shared/transcript.ts';
import type { Participant } from './participants.ts';

const REGION = 'us-central1';

/** The 51st message rolls the session over. */
export const playRollOver = async (transcript: Transcript, owner: Participant): Promise<void> => {
  transcript.scene('A long conversation');
  const { session_id } = await owner.sessions.createSession();
  const tenFrom = (first: number) =>
    Array.from({ length: 10 }, (_, index) => ({
      role: 'user' as const,
      content: `message ${first + index}`,
    }));
  for (const first of [1, 11, 21, 31, 41])
    await owner.sessions.addMessages({ session_id, messages: tenFrom(first) });
  transcript.say('Agent', '(50 messages)');
  const next = await owner.sessions.addMessage({
    session_id,
    role: 'user',
    content: 'message 51',
    context_limit: 20,
  });
  transcript.shows(
    'the 51st message rolled over into a successor, as its first',
    [next.rolled_over, next.seq],
    [true, 1],
  );
  const last = next.context?.slice(-2).map(({ content }) => content);
  transcript.shows('the successor has the context of the session before', last, ['message 50', 'message 51']);
  const again = await owner.sessions.addMessage({ session_id, role: 'user', content: 'message 52' });
  transcript.shows('the old id still reaches it', [again.session_id, again.seq], [next.session_id, 2]);
  const old = await owner.sessions.getHistory({ session_id, limit: 50 });
  transcript.shows(
    'the first session keeps its 50 messages, in order',
    old.messages.map(({ seq }) => seq),
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
};

/** A session with one message, for {@link playIdleSession}. */
export const createIdleSession = async (owner: Participant): Promise<string> => {
  const { session_id } = await owner.sessions.createSession();
  await owner.sessions.addMessage({ session_id, role: 'user', content: 'What is a sectional title?' });
  return session_id;
};

/** A session expires while it is idle, the scheduled function stores the expiry, and its owner returns. */
export const playIdleSession = async (
  transcript: Transcript,
  suite: Suite,
  owner: Participant,
  session_id: string,
): Promise<void> => {
  transcript.scene('An idle session');
  const stored = async () => (await getDoc(doc(owner.firestore, 'kb_sessions', session_id))).data();
  const expiresAt = (await stored())?.expires_at.toMillis();
  transcript.say('', `(waits until ${new Date(expiresAt).toISOString()})`);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, expiresAt - Date.now()) + 100));
  const late = owner.sessions.addMessage({ session_id, role: 'user', content: 'Hello?', recover: false });
  transcript.shows('an idle session accepts no message', await failedWith('reason', late), 'expired');
  await fireSchedule(suite, { name: 'expireSessions', region: REGION });
  const swept = await stored();
  transcript.shows(
    'the scheduled function expired it',
    [swept?.status, swept?.end_reason, swept?.ended_at.toMillis()],
    ['expired', 'idle_timeout', expiresAt],
  );
  const back = await owner.sessions.addMessage({
    session_id,
    role: 'user',
    content: 'Sorry, I was away. And a share block?',
    context_limit: 20,
  });
  transcript.say('Agent', 'Sorry, I was away. And a share block?');
  transcript.shows(
    'its owner continues in a successor',
    [back.recovered, back.session_id !== session_id],
    [true, true],
  );
  transcript.shows(
    'with the context of the session before',
    back.context?.map(({ content }) => content),
    ['What is a sectional title?', 'Sorry, I was away. And a share block?'],
  );
};
