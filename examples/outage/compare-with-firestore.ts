import { eventually } from '../shared/eventually.ts';
import type { OutageDemo } from './deployment.ts';
import { storedMessages, storedSession, sumOfDays } from './stored-records.ts';

/** Compares the sent messages with the records in Firestore, which it reads without the functions. */
export const compareWithFirestore = async (
  { transcript, chat, owner, admin }: OutageDemo,
  { degradedSession, startedAt }: { degradedSession: string; startedAt: Date },
): Promise<void> => {
  transcript.scene('The records in Firestore');
  const { sent, session_id } = chat;
  const { firestore, uid } = owner;
  const stored = await storedMessages(firestore, uid, session_id);
  transcript.shows(`${sent.length} messages sent, ${stored.length} stored`, stored.length, sent.length);
  transcript.shows('none twice', new Set(stored.map(({ content }) => content)).size, stored.length);
  transcript.shows(
    `numbered 1 to ${sent.length}, without a gap`,
    stored.map(({ seq }) => seq),
    sent.map((_, index) => index + 1),
  );
  transcript.shows(
    'in their order',
    stored.map(({ message_id, content }) => [message_id, content]),
    sent.map(({ message_id, content }) => [message_id, content]),
  );
  const volatile = sent.filter(({ durability }) => durability === 'volatile').length;
  transcript.shows(
    `the ${volatile} volatile messages are marked as replayed, the other ${sent.length - volatile} are not`,
    stored.map(({ replayed }) => replayed),
    sent.map(({ durability }) => durability === 'volatile'),
  );
  transcript.shows(
    'the session that was created in the outage is stored',
    (await storedSession(firestore, degradedSession))?.fallback,
    true,
  );

  const questions = sent.filter(({ role }) => role === 'user').length;
  const session = await eventually(
    () => storedSession(firestore, session_id),
    (found) => found?.message_count === sent.length,
  );
  transcript.shows(
    `the session counts ${sent.length} messages and ${questions} questions, and is marked as part of an outage`,
    [session?.message_count, session?.total_queries, session?.fallback],
    [sent.length, questions, true],
  );
  // The demo may run past midnight.
  const days = new Set([startedAt, new Date()].map((time) => time.toISOString().slice(0, 10)));
  const fallbacks = await eventually(
    () => sumOfDays(admin.firestore, days, 'fallbacks'),
    (sum) => sum === volatile,
  );
  transcript.shows(`the day counts ${volatile} fallbacks`, fallbacks, volatile);
  const { fallback, breaker } = await admin.openPage().getMetrics();
  transcript.shows(
    'nothing is pending in the page or in the instance, nothing was refused, and the circuit breaker is closed',
    [await chat.page.pending(), fallback.journal_entries, fallback.refused, breaker],
    [0, 0, 0, 'closed'],
  );
};
