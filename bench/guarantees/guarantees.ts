import { setTimeout as sleep } from 'node:timers/promises';
import { findDamage } from '../contention/find-damage.ts';
import { takeTurns } from '../contention/take-turns.ts';
import { newConversation, newMessage } from '../sample-messages.ts';
import type { Guarantee } from './check-guarantee.ts';

const order: Guarantee = {
  name: 'order',
  promise: 'turns that two servers take alternately keep their order, even if one clock is 5 s slow',
  async check(connect) {
    const [accurate, slow] = [connect(), connect()];
    const chat = await connect().open('alice', []);
    const sent: string[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const question = newMessage('user');
      const answer = newMessage('assistant');
      if (turn % 2 === 0) await accurate.turn(chat, question, async () => answer);
      else await withSlowClock(5000, () => slow.turn(chat, question, async () => answer));
      sent.push(question.content, answer.content);
    }
    const history = await connect().read(chat);
    if (history.length < sent.length) return `of ${sent.length} messages ${history.length} were left`;
    const isInOrder =
      history.length === sent.length && history.every((content, place) => content === sent[place]);
    return isInOrder ? null : 'the messages came back in another order';
  },
};

const withSlowClock = async <Result>(slowMs: number, work: () => Promise<Result>): Promise<Result> => {
  const { Date: RealDate } = globalThis;
  globalThis.Date = class extends RealDate {
    constructor(...time: [] | [number | string | Date]) {
      super(time[0] ?? RealDate.now() - slowMs);
    }
    static override now(): number {
      return RealDate.now() - slowMs;
    }
  } as DateConstructor;
  try {
    return await work();
  } finally {
    globalThis.Date = RealDate;
  }
};

const idempotency: Guarantee = {
  name: 'idempotency',
  promise: 'a question that is sent again with the same id, after a lost answer, succeeds and is stored once',
  async check(connect) {
    const server = connect();
    const chat = await server.open('alice', []);
    const question = newMessage('user');
    await server.turn(chat, question, async () => newMessage('assistant'));
    await server.turn(chat, question, async () => newMessage('assistant'));
    const history = await server.read(chat);
    const copies = history.filter((content) => content === question.content).length;
    return copies === 1 ? null : `it was stored ${copies} times`;
  },
};

const ownership: Guarantee = {
  name: 'ownership',
  promise: 'a user who names the session of another user neither receives its messages nor adds one',
  async check(connect) {
    const server = connect();
    const messages = newConversation(4);
    const chat = await server.open('alice', messages);
    const received: string[] = [];
    const model = async (context: readonly string[]) => {
      received.push(...context);
      return newMessage('assistant');
    };
    const foreignTurn = server.turn({ ...chat, owner: 'mallory' }, newMessage('user'), model);
    // A refusal is as good as a new session for the stranger.
    await foreignTurn.catch(() => undefined);
    if (messages.some(({ content }) => received.includes(content)))
      return 'the stranger’s model received the messages';
    const added = (await server.read(chat)).length - messages.length;
    if (added !== 0) return `the stranger added ${added} messages`;
    await server.turn(chat, newMessage('user'), model);
    const ownerReceived = messages.every(({ content }) => received.includes(content));
    return ownerReceived ? null : 'the owner’s model did not receive the messages either';
  },
};

const IDLE_SECONDS = 1;

const expiry: Guarantee = {
  name: 'expiry',
  promise: `a session past its idle timeout (here ${IDLE_SECONDS} s) is not resumed`,
  async check(connect) {
    const server = connect(IDLE_SECONDS);
    const messages = newConversation(4);
    const chat = await server.open('alice', messages);
    const received: string[] = [];
    const turn = () =>
      server.turn(chat, newMessage('user'), async (context) => {
        received.push(...context);
        return newMessage('assistant');
      });
    const isResumed = () => messages.some(({ content }) => received.includes(content));
    await turn();
    if (!isResumed()) return 'it was not resumed before the timeout either';
    received.length = 0;
    // The server's clock decides, so the time has to pass.
    await sleep(IDLE_SECONDS * 1000 + 200);
    const isRefused = await turn().then(
      () => false,
      () => true,
    );
    return !isRefused && isResumed() ? 'it was resumed' : null;
  },
};

const WRITERS = 2;
const TURNS_PER_WRITER = 5;

const concurrentWriters: Guarantee = {
  name: 'two writers',
  promise:
    'two servers take turns in one session at the same time: no turn fails, no message is lost, repeated or out of order, and the next context is the end of the history',
  async check(connect) {
    const chat = await connect().open('alice', []);
    const writers = await Promise.all(
      Array.from({ length: WRITERS }, () => takeTurns(connect(), chat, (turns) => turns < TURNS_PER_WRITER)),
    );
    const server = connect();
    const history = await server.read(chat);
    const { failed, lost, duplicated, misordered } = findDamage(writers, history);
    if (failed + lost + duplicated + misordered > 0) {
      const failure = writers.flatMap(({ failures }) => failures)[0];
      return `${failed} turns failed${failure ? ` (${failure})` : ''}, ${lost} messages were lost, ${duplicated} repeated, ${misordered} out of order`;
    }
    let context: readonly string[] = [];
    await server.turn(chat, newMessage('user'), async (contents) => {
      context = contents.slice(0, -1);
      return newMessage('assistant');
    });
    const end = history.slice(-context.length);
    const isEnd = context.length > 0 && end.every((content, place) => content === context[place]);
    return isEnd ? null : 'the next context was not the end of the history';
  },
};

const MODEL_MS = 1000;
const POLL_MS = 50;

const durableQuestion: Guarantee = {
  name: 'durable question',
  promise:
    'while the model works (for up to 1 s) another server sees the question, so a crash does not lose it',
  async check(connect) {
    const server = connect();
    const chat = await server.open('alice', []);
    const other = connect();
    const question = newMessage('user');
    let isSeen = false;
    await server.turn(chat, question, async () => {
      const until = performance.now() + MODEL_MS;
      do {
        isSeen = (await other.read(chat)).includes(question.content);
        if (!isSeen) await sleep(POLL_MS);
      } while (!isSeen && performance.now() < until);
      return newMessage('assistant');
    });
    return isSeen ? null : 'it was stored after the answer';
  },
};

/** In the order of the columns. */
export const guarantees: readonly Guarantee[] = [
  order,
  idempotency,
  ownership,
  expiry,
  concurrentWriters,
  durableQuestion,
];
