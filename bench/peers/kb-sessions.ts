import { randomInt, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadEnvFile } from 'node:process';
import {
  type Caller,
  FailoverStore,
  ReadCache,
  type Session,
  SessionManager,
  withCircuitBreaker,
} from 'kb-sessions';
import { CLIENT_SETTINGS, FirestoreStore, listErasedUsers } from 'kb-sessions/firestore';
import { MemoryJournal } from 'kb-sessions/memory';
import { readConfig } from '../../functions/src/config/config.ts';
import { type Chat, CONTEXT, type Conditions, type Connection, type Message, type Peer } from './peer.ts';

// Ours, in process and put together as functions/src/services.ts does: failover, breaker and all. Messages are counted
// by a trigger, after the turn; what that costs is not in the turn's cost.

const functions = join(import.meta.dirname, '../../functions');
// Values for Firestore are recognised by their class, so the client has to be the one that the functions use.
const admin: typeof import('../../node_modules/firebase-admin/lib/firestore/index.js') = createRequire(
  join(functions, 'package.json'),
)('firebase-admin/firestore');

const BUNDLE = 10;
const PAGE = 50;
const AGENT: Caller = { user_id: 'agent', trusted: true, email: null, name: null };

type Turn = (
  sessions: SessionManager,
  chat: Chat,
  question: Message,
  model: Parameters<Connection['turn']>[2],
) => Promise<void>;

/** The question, with the context it leaves, by one call, the answer by another. */
const byPlainCalls: Turn = async (sessions, { owner, session }, question, model) => {
  const asked = await sessions.addMessage(ownerOf(owner), {
    ...input(question),
    session_id: session,
    context_limit: CONTEXT,
    recover: false,
  });
  durable(asked);
  const answer = await model((asked.context ?? []).map(({ content }) => content));
  durable(
    await sessions.addMessage(AGENT, {
      ...input(answer),
      session_id: session,
      user_id: owner,
      recover: false,
    }),
  );
};

/** The context first, then question and answer together. */
const together: Turn = async (sessions, { owner, session }, question, model) => {
  const limit = CONTEXT - 1;
  const { messages } = await sessions.getHistory(ownerOf(owner), { session_id: session, limit, full: false });
  const answer = await model([...messages.map(({ content }) => content), question.content]);
  durable(
    await sessions.addMessages(AGENT, {
      messages: [input(question), input(answer)],
      session_id: session,
      user_id: owner,
      recover: false,
    }),
  );
};

export const kbSessions: Peer = peer('kb-sessions, addMessage twice', byPlainCalls);
export const kbSessionsTogether: Peer = peer('kb-sessions, addMessages', together);

function peer(name: string, turn: Turn): Peer {
  return { name, kind: 'ours', connect: (conditions) => connect(conditions, turn) };
}

function connect({ projectId, idleSeconds }: Conditions, turn: Turn): Connection {
  const db = new admin.Firestore({ projectId });
  const sessions = compose(db, idleSeconds);
  return {
    async open(owner, messages) {
      const { session_id } = await sessions.createSession(ownerOf(owner), { session_id: randomUUID() });
      for (let from = 0; from < messages.length; from += BUNDLE) {
        const bundle = messages.slice(from, from + BUNDLE).map(input);
        durable(
          await sessions.addMessages(AGENT, { messages: bundle, session_id, user_id: owner, recover: false }),
        );
      }
      return { owner, session: session_id };
    },
    turn: (chat, question, model) => turn(sessions, chat, question, model),
    async read({ owner, session }) {
      const contents: string[] = [];
      let before_seq: number | null = null;
      do {
        const page: Awaited<ReturnType<SessionManager['getHistory']>> = await sessions.getHistory(
          ownerOf(owner),
          { session_id: session, limit: PAGE, full: false, before_seq: before_seq ?? undefined },
        );
        contents.unshift(...page.messages.map(({ content }) => content));
        before_seq = page.next_before_seq;
      } while (before_seq !== null);
      return contents;
    },
    close: () => db.terminate(),
  };
}

function compose(db: InstanceType<typeof admin.Firestore>, idleSeconds: number): SessionManager {
  loadEnvFile(join(functions, '.env'));
  const { limits: deployed, deadlineMs, breaker, cache: cached, journal } = readConfig();
  db.settings(CLIENT_SETTINGS);
  // Sessions of any length, without roll-over.
  const limits = { ...deployed, messagesPerSession: 1_000_000, idleTimeoutMs: idleSeconds * 1000 };
  const now = (readTime: { toMillis(): number }) => readTime.toMillis();
  const setup = { db, limits, deadlineMs, now, random: (below: number) => randomInt(below) };
  const cache = new ReadCache(cached);
  const store = new FailoverStore({
    primary: withCircuitBreaker(new FirestoreStore(setup, (session: Session) => cache.put(session)), {
      ...breaker,
      onChange: () => {},
    }),
    journal: new MemoryJournal(journal),
    cache,
    limits,
    clock: Date.now,
    gracePeriodMs: journal.gracePeriodMs,
    listErasedUsers: (since) => listErasedUsers(setup, since),
    onEvent: () => {},
  });
  return new SessionManager({ store, ownersMayAnswer: false });
}

/** An acknowledgement by memory alone is worth less than what the others give, so it is no success here. */
function durable({ durability }: { durability: string }): void {
  if (durability !== 'durable') throw new Error(`a turn was to be durable, found ${durability}`);
}

function ownerOf(user_id: string): Caller {
  return { user_id, trusted: false, email: null, name: null };
}

function input({ id, role, content }: Message) {
  return { message_id: id, role, content };
}
