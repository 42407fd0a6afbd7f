import type { AddedFault } from 'kb-sessions-testing';
import { failureOf, type Report } from '../conversation/report.ts';
import type { Chat } from './chat.ts';
import type { Person, Stage } from './stage.ts';

const OUTAGE_MS = 30_000;
/** What a person takes between a question and the next. */
const PAUSE_MS = 1500;

/** A fault, and when it is to end, in the milliseconds of `performance.now()`. */
export interface Outage {
  readonly fault: AddedFault;
  readonly until: number;
}

export async function playCalm(report: Report, chat: Chat): Promise<void> {
  report.scene('A chat, while all is well');
  await chat.turn();
  await chat.turn();
}

/** The chat goes on, and its page shows it. */
export async function playOutage(report: Report, stage: Stage, chat: Chat, admin: Person): Promise<Outage> {
  report.scene(`Firestore goes away, for ${OUTAGE_MS / 1000} s: nothing that is sent to it is answered`);
  const fault = stage.proxy.faults.add({ when: 'before', effect: { kind: 'black-hole' } });
  const until = performance.now() + OUTAGE_MS;
  await talk(stage, chat, 5);
  report.say(
    '',
    '(the first calls wait for the deadline of 2 s, then the breaker is open; now and then one call tries)',
  );
  const { session_id, page } = chat;
  const { messages, complete } = await page.getHistory({ session_id, limit: 50 });
  report.shows(
    'the page shows the whole chat, the last 10 messages without a number, and knows that there may be more',
    [messages.map(({ content }) => content), messages.map(({ seq }) => seq), complete],
    [chat.sent.map(({ content }) => content), [1, 2, 3, 4, ...Array(10).fill(null)], false],
  );
  report.shows('what only Firestore knows is unavailable', await codeOf(page.listSessions()), 'unavailable');
  report.shows('the instance holds 10 messages that Firestore has not', await waiting(admin), 10);
  return { fault, until };
}

/** Nothing is left of what only the instance had; the page brings it to the next. The id of a session opened then. */
export async function playKill(
  report: Report,
  stage: Stage,
  chat: Chat,
  owner: Person,
  admin: Person,
): Promise<string> {
  for (const line of stage.notices()) report.say('Log', line);
  report.scene('The instance is killed (kill -9), and the page is closed and opened again');
  await stage.killInstance();
  chat.moveTo(owner.openPage());
  report.say(
    '',
    `(the page has kept ${await chat.page.pending()} messages, and brings them before the next)`,
  );
  await talk(stage, chat, 4);
  report.shows('the new instance holds all of them, and the 8 since', await waiting(admin), 18);
  const { session_id } = chat;
  report.shows(
    'of a session that it has never seen it says that it cannot tell, not that there is none',
    await codeOf(chat.page.getSession({ session_id })),
    'unavailable',
  );
  const born = await chat.page.createSession();
  report.shows('another session can be opened, too', born.durability, 'volatile');
  return born.session_id;
}

/** What waited is replayed, and the page learns its numbers. */
export async function playReturn(
  report: Report,
  stage: Stage,
  chat: Chat,
  owner: Person,
  { fault, until }: Outage,
): Promise<void> {
  await stage.wait(until - performance.now());
  fault.remove();
  report.scene('Firestore is back');
  const began = performance.now();
  while ((await chat.page.flush()) > 0) await stage.wait(500);
  report.say('', `(nothing is pending after ${((performance.now() - began) / 1000).toFixed(1)} s)`);
  const numbers = owner.settled.flatMap((settled): unknown[] =>
    settled.outcome === 'durable' ? settled.messages.map(({ seq }) => seq) : [settled.error.code],
  );
  report.shows(
    'the page has learned the numbers of its 18 messages',
    numbers,
    Array.from({ length: 18 }, (_, index) => index + 5),
  );
  await talk(stage, chat, 3);
  for (const line of stage.notices()) report.say('Log', line);
}

async function talk(stage: Stage, chat: Chat, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await chat.turn();
    await stage.wait(PAUSE_MS);
  }
}

async function waiting(admin: Person): Promise<number> {
  return (await admin.openPage().getMetrics()).fallback.journal_entries;
}

async function codeOf(call: Promise<unknown>): Promise<unknown> {
  const failure = await failureOf(call);
  return failure && 'code' in failure && failure.code;
}
