import { collection, doc, getDoc, getDocs } from 'firebase/firestore';
import type { Suite } from '../../tools/emulators/suite.ts';
import { fireSchedule } from '../../tools/schedules.ts';
import { eventually, failureOf, type Report } from './report.ts';
import type { Actor } from './stage.ts';

const REGION = 'us-central1';
/** Of the conversation, the writers, the long conversation and the idle session. */
const MESSAGES = 4 + 3 + 52 + 2;

/** The 51st message. */
export async function playRollOver(report: Report, owner: Actor): Promise<void> {
  report.scene('A long conversation');
  const { session_id } = await owner.sessions.createSession();
  const bundle = (from: number) =>
    Array.from({ length: 10 }, (_, index) => ({ role: 'user' as const, content: `message ${from + index}` }));
  for (const from of [1, 11, 21, 31, 41])
    await owner.sessions.addMessages({ session_id, messages: bundle(from) });
  report.say('Agent', '(50 messages)');
  const next = await owner.sessions.addMessage({
    session_id,
    role: 'user',
    content: 'message 51',
    context_limit: 20,
  });
  report.shows(
    'the 51st message rolled over into a successor, as its first',
    [next.rolled_over, next.seq],
    [true, 1],
  );
  const last = next.context?.slice(-2).map(({ content }) => content);
  report.shows('which knows what was said before', last, ['message 50', 'message 51']);
  const again = await owner.sessions.addMessage({ session_id, role: 'user', content: 'message 52' });
  report.shows('the old id still reaches it', [again.session_id, again.seq], [next.session_id, 2]);
  const old = await owner.sessions.getHistory({ session_id, limit: 50 });
  report.shows(
    'the first session keeps its 50 messages, in order',
    old.messages.map(({ seq }) => seq),
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
}

export async function openIdle(owner: Actor): Promise<string> {
  const { session_id } = await owner.sessions.createSession();
  await owner.sessions.addMessage({ session_id, role: 'user', content: 'What is a sectional title?' });
  return session_id;
}

/** A session nobody used, the scheduled function, and the return of its owner. */
export async function playIdle(
  report: Report,
  suite: Suite,
  owner: Actor,
  session_id: string,
): Promise<void> {
  report.scene('An idle session');
  const stored = async () => (await getDoc(doc(owner.firestore, 'kb_sessions', session_id))).data();
  const expiresAt = (await stored())?.expires_at.toMillis();
  report.say('', `(waits until ${new Date(expiresAt).toISOString()})`);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, expiresAt - Date.now()) + 100));
  const refused = await failureOf(
    owner.sessions.addMessage({ session_id, role: 'user', content: 'Hello?', recover: false }),
  );
  report.shows(
    'an idle session takes no message',
    refused && 'reason' in refused && refused.reason,
    'expired',
  );
  await fireSchedule(suite, { name: 'expireSessions', region: REGION });
  const swept = await stored();
  report.shows(
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
  report.say('Agent', 'Sorry, I was away. And a share block?');
  report.shows(
    'its owner went on in a successor',
    [back.recovered, back.session_id !== session_id],
    [true, true],
  );
  report.shows(
    'with what was said before',
    back.context?.map(({ content }) => content),
    ['What is a sectional title?', 'Sorry, I was away. And a share block?'],
  );
}

/** What an admin sees. */
export async function playAdmin(
  report: Report,
  suite: Suite,
  admin: Actor,
  owner: Actor,
  startedAt: Date,
): Promise<void> {
  report.scene('The admin');
  const refused = await failureOf(owner.sessions.getActiveSessions());
  report.shows('an owner is no admin', refused && 'code' in refused && refused.code, 'permission-denied');
  const active = await admin.sessions.getActiveSessions();
  report.say(
    'Admin',
    `open sessions: ${active.firebase_sessions} in Firestore, ${active.memory_sessions} in memory only`,
  );
  report.shows('there are open sessions, and the total is their sum', active.total, active.sessions.length);
  await fireSchedule(suite, { name: 'reconcileCounters', region: REGION });
  const read = async () => {
    const days = await Promise.all(
      // The demo may run past midnight.
      [...new Set([startedAt, new Date()].map((time) => time.toISOString().slice(0, 10)))].map((day) =>
        getDocs(collection(admin.firestore, 'kb_analytics', day, 'shards')),
      ),
    );
    const shards = days.flatMap(({ docs }) => docs.map((shard) => shard.data()));
    return (counter: string): number => shards.reduce((total, shard) => total + (shard[counter] ?? 0), 0);
  };
  const sum = await eventually(read, (totals) => totals('message_count') === MESSAGES);
  const counters = [
    'sessions_created',
    'message_count',
    'total_queries',
    'feedback_positive',
    'escalations',
    'sessions_over_idle_timeout',
    'sessions_over_message_limit',
  ];
  for (const counter of counters) report.say('', `${counter.padEnd(28)} ${sum(counter)}`);
  report.shows('the day counts 1 session that rolled over', sum('sessions_over_message_limit'), 1);
  report.shows('every escalation once', sum('escalations'), 1);
  report.shows(`and the ${MESSAGES} messages of the demo`, sum('message_count'), MESSAGES);
}
