import type { AddedFault } from 'kb-sessions-testing';
import { failedWith } from '../shared/failure.ts';
import type { OutageDemo, Participant } from './deployment.ts';

const OUTAGE_MS = 30_000;
/** The time of a person between two questions. */
const PAUSE_MS = 1500;

/** A fault of the proxy, and its end on the clock of `performance.now()`. */
export type Outage = { fault: AddedFault; endsAt: number };

export const playHealthyChat = async ({ transcript, chat }: OutageDemo): Promise<void> => {
  transcript.scene('A chat while Firestore is available');
  await chat.sendTurn();
  await chat.sendTurn();
};

/** The chat goes on without Firestore, and its page shows it. */
export const playOutage = async (demo: OutageDemo): Promise<Outage> => {
  const { transcript, deployment, chat, admin } = demo;
  transcript.scene(`Firestore is unavailable for ${OUTAGE_MS / 1000} s: it answers no request`);
  const fault = deployment.proxy.faults.add({ when: 'before', effect: { kind: 'black-hole' } });
  const endsAt = performance.now() + OUTAGE_MS;
  await sendTurns(demo, 5);
  transcript.say(
    '',
    '(the first calls wait for the deadline of 2 s; then the circuit breaker is open, and one probe at a time checks Firestore)',
  );
  const { session_id, page } = chat;
  const { messages, complete } = await page.getHistory({ session_id, limit: 50 });
  transcript.shows(
    'the page shows the whole chat, the last 10 messages without a number, and reports that it may be incomplete',
    [messages.map(({ content }) => content), messages.map(({ seq }) => seq), complete],
    [chat.sent.map(({ content }) => content), [1, 2, 3, 4, ...Array(10).fill(null)], false],
  );
  transcript.shows(
    'a list of sessions needs Firestore, and is unavailable',
    await failedWith('code', page.listSessions()),
    'unavailable',
  );
  transcript.shows('the journal of the instance holds 10 messages', await journalEntries(admin), 10);
  return { fault, endsAt };
};

/**
 * The instance loses its journal, and the outbox of the page sends the messages to the next instance. Returns the id of
 * the session that is created meanwhile.
 */
export const playInstanceKill = async (demo: OutageDemo): Promise<string> => {
  const { transcript, deployment, chat, owner, admin } = demo;
  for (const line of deployment.outageLog()) transcript.say('Log', line);
  transcript.scene('The instance is killed (kill -9), and the page is closed and opened again');
  await deployment.killInstance();
  chat.moveTo(owner.openPage());
  transcript.say(
    '',
    `(the outbox of the page has ${await chat.page.pending()} messages, and sends them before the next one)`,
  );
  await sendTurns(demo, 4);
  transcript.shows('the new instance holds all of them, and the 8 since', await journalEntries(admin), 18);
  const { session_id } = chat;
  transcript.shows(
    'it has never seen the session, and answers unavailable, not not-found',
    await failedWith('code', chat.page.getSession({ session_id })),
    'unavailable',
  );
  const created = await chat.page.createSession();
  transcript.shows('another session can be created, too', created.durability, 'volatile');
  return created.session_id;
};

/** The pending messages are replayed, and the page learns their numbers. */
export const playRecovery = async (demo: OutageDemo, { fault, endsAt }: Outage): Promise<void> => {
  const { transcript, deployment, chat, owner } = demo;
  await deployment.wait(endsAt - performance.now());
  fault.remove();
  transcript.scene('Firestore is available again');
  const startedAt = performance.now();
  while ((await chat.page.flush()) > 0) await deployment.wait(500);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  transcript.say('', `(nothing is pending after ${seconds} s)`);
  const numbers = owner.settlements.flatMap((settlement): unknown[] =>
    settlement.outcome === 'durable' ? settlement.messages.map(({ seq }) => seq) : [settlement.error.code],
  );
  transcript.shows(
    'the page has learned the numbers of its 18 messages',
    numbers,
    Array.from({ length: 18 }, (_, index) => index + 5),
  );
  await sendTurns(demo, 3);
  for (const line of deployment.outageLog()) transcript.say('Log', line);
};

const sendTurns = async ({ deployment, chat }: OutageDemo, count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) {
    await chat.sendTurn();
    await deployment.wait(PAUSE_MS);
  }
};

const journalEntries = async (admin: Participant): Promise<number> =>
  (await admin.openPage().getMetrics()).fallback.journal_entries;
