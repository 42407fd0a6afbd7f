import { eventually, type Report } from '../conversation/report.ts';
import type { Chat } from './chat.ts';
import type { Person } from './stage.ts';
import { counted, storedMessages, storedSession } from './stored.ts';

interface Seen {
  readonly owner: Person;
  readonly admin: Person;
  /** The session opened in the outage. */
  readonly born: string;
  readonly startedAt: Date;
}

/** Compares what was sent with what Firestore has, read past the functions. */
export async function check(
  report: Report,
  chat: Chat,
  { owner, admin, born, startedAt }: Seen,
): Promise<void> {
  report.scene('The check: what Firestore has');
  const { sent, session_id } = chat;
  const { firestore, uid } = owner;
  const stored = await storedMessages(firestore, uid, session_id);
  report.shows(`${sent.length} messages sent, ${stored.length} stored`, stored.length, sent.length);
  report.shows('none twice', new Set(stored.map(({ content }) => content)).size, stored.length);
  report.shows(
    `numbered 1 to ${sent.length}, without a gap`,
    stored.map(({ seq }) => seq),
    sent.map((_, index) => index + 1),
  );
  report.shows(
    'order kept',
    stored.map(({ message_id, content }) => [message_id, content]),
    sent.map(({ message_id, content }) => [message_id, content]),
  );
  const volatile = sent.filter(({ durability }) => durability === 'volatile').length;
  report.shows(
    `the ${volatile} that were volatile are marked as replayed, the other ${sent.length - volatile} are not`,
    stored.map(({ replayed }) => replayed),
    sent.map(({ durability }) => durability === 'volatile'),
  );
  report.shows(
    'the session opened meanwhile is there',
    (await storedSession(firestore, born))?.fallback,
    true,
  );

  const questions = sent.filter(({ role }) => role === 'user').length;
  const session = await eventually(
    () => storedSession(firestore, session_id),
    (found) => found?.message_count === sent.length,
  );
  report.shows(
    `the session counts ${sent.length} messages and ${questions} questions, and says that part of it is from an outage`,
    [session?.message_count, session?.total_queries, session?.fallback],
    [sent.length, questions, true],
  );
  // The demo may run past midnight.
  const days = new Set([startedAt, new Date()].map((time) => time.toISOString().slice(0, 10)));
  const fallbacks = await eventually(
    () => counted(admin.firestore, days, 'fallbacks'),
    (sum) => sum === volatile,
  );
  report.shows(`the day counts ${volatile} fallbacks`, fallbacks, volatile);
  const { fallback, breaker } = await admin.openPage().getMetrics();
  report.shows(
    'nothing is pending in the page, nothing waits in the instance, nothing was refused, the breaker is closed',
    [await chat.page.pending(), fallback.journal_entries, fallback.refused, breaker],
    [0, 0, 0, 'closed'],
  );
}
