import { collection, getDocs } from 'firebase/firestore';
import type { Suite } from '../../tools/emulators/suite.ts';
import { fireSchedule } from '../../tools/schedules.ts';
import { eventually } from '../shared/eventually.ts';
import { failedWith } from '../shared/failure.ts';
import type { Transcript } from '../shared/transcript.ts';
import type { Participant } from './participants.ts';

const REGION = 'us-central1';
/** Of the conversation, the concurrent writers, the long conversation and the idle session. */
const MESSAGES = 4 + 3 + 52 + 2;
const COUNTERS = [
  'sessions_created',
  'message_count',
  'total_queries',
  'feedback_positive',
  'escalations',
  'sessions_over_idle_timeout',
  'sessions_over_message_limit',
];

/** An admin sees the open sessions and the counters of the day. */
export const playAdmin = async (
  transcript: Transcript,
  suite: Suite,
  { admin, owner, startedAt }: { admin: Participant; owner: Participant; startedAt: Date },
): Promise<void> => {
  transcript.scene('The admin');
  transcript.shows(
    'an owner is no admin',
    await failedWith('code', owner.sessions.getActiveSessions()),
    'permission-denied',
  );
  const active = await admin.sessions.getActiveSessions();
  transcript.say(
    'Admin',
    `open sessions: ${active.firebase_sessions} in Firestore, ${active.memory_sessions} in memory only`,
  );
  transcript.shows('the total of the open sessions is their number', active.total, active.sessions.length);
  await fireSchedule(suite, { name: 'reconcileCounters', region: REGION });
  const read = async () => {
    // The demo may run past midnight.
    const days = new Set([startedAt, new Date()].map((time) => time.toISOString().slice(0, 10)));
    const shards = await Promise.all(
      [...days].map((day) => getDocs(collection(admin.firestore, 'kb_analytics', day, 'shards'))),
    );
    const documents = shards.flatMap(({ docs }) => docs.map((shard) => shard.data()));
    return (counter: string): number => documents.reduce((total, shard) => total + (shard[counter] ?? 0), 0);
  };
  const sumOf = await eventually(read, (totals) => totals('message_count') === MESSAGES);
  for (const counter of COUNTERS) transcript.say('', `${counter.padEnd(28)} ${sumOf(counter)}`);
  transcript.shows('the day counts 1 session that rolled over', sumOf('sessions_over_message_limit'), 1);
  transcript.shows('every escalation once', sumOf('escalations'), 1);
  transcript.shows(`and the ${MESSAGES} messages of the demo`, sumOf('message_count'), MESSAGES);
};
