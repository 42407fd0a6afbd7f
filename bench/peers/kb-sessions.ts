import { randomUUID } from 'node:crypto';
import {
  type Caller,
  FailoverStore,
  ReadCache,
  type Session,
  SessionManager,
  withCircuitBreaker,
} from 'kb-sessions';
import { FirestoreStore, listErasedUsers } from 'kb-sessions/firestore';
import { MemoryJournal } from 'kb-sessions/memory';
import { deployedContext } from '../deployed-context.ts';
import {
  type Chat,
  CONTEXT,
  type Conditions,
  type Connection,
  type Message,
  type Model,
  type Peer,
} from './peer.ts';

// Ours, in this process and composed as in functions/src/services.ts, with failover and breaker. A trigger counts the
// messages after the turn, so the cost of counting is not part of the turn's cost.

/** The most messages of one addMessages call. */
const BATCH_SIZE = 10;
/** The most messages of one getHistory call. */
const PAGE_SIZE = 50;
const AGENT: Caller = { user_id: 'agent', trusted: true, email: null, name: null };

const ownerOf = (user_id: string): Caller => ({ user_id, trusted: false, email: null, name: null });

const inputOf = ({ id, role, content }: Message) => ({ message_id: id, role, content });

/** A volatile acknowledgement is weaker than those of the other peers, so it does not count as success. */
const assertDurable = ({ durability }: { durability: string }): void => {
  if (durability !== 'durable') throw new Error(`a turn must be durable, found ${durability}`);
};

type Turn = (sessions: SessionManager, chat: Chat, question: Message, model: Model) => Promise<void>;

/** Stores the question and reads the context in one call, and stores the answer in another. */
const bySingleCalls: Turn = async (sessions, { owner, session }, question, model) => {
  const options = { session_id: session, recover: false };
  const stored = await sessions.addMessage(ownerOf(owner), {
    ...inputOf(question),
    ...options,
    context_limit: CONTEXT,
  });
  assertDurable(stored);
  const answer = await model((stored.context ?? []).map(({ content }) => content));
  assertDurable(await sessions.addMessage(AGENT, { ...inputOf(answer), ...options, user_id: owner }));
};

/** Reads the context first, and stores question and answer in one call. */
const byOneBatch: Turn = async (sessions, { owner, session }, question, model) => {
  const options = { session_id: session, limit: CONTEXT - 1, full: false };
  const { messages } = await sessions.getHistory(ownerOf(owner), options);
  const answer = await model([...messages.map(({ content }) => content), question.content]);
  const batch = [inputOf(question), inputOf(answer)];
  assertDurable(
    await sessions.addMessages(AGENT, {
      messages: batch,
      session_id: session,
      user_id: owner,
      recover: false,
    }),
  );
};

/** Sessions have any length, without roll-over. */
const openSessions = ({ projectId, idleSeconds }: Conditions) => {
  const { context: deployed, config } = deployedContext(projectId);
  const limits = { ...deployed.limits, messagesPerSession: 1_000_000, idleTimeoutMs: idleSeconds * 1000 };
  const context = { ...deployed, limits };
  const { gracePeriodMs, redisUrl: _redisUrl, ...bounds } = config.journal;
  const cache = new ReadCache(config.cache);
  const firestore = new FirestoreStore(context, (session: Session) => cache.put(session));
  const store = new FailoverStore({
    primary: withCircuitBreaker(firestore, { ...config.breaker, onChange: () => {} }),
    journal: new MemoryJournal(bounds),
    cache,
    limits,
    clock: Date.now,
    gracePeriodMs,
    listErasedUsers: (since) => listErasedUsers(context, since),
    onEvent: () => {},
  });
  return { db: context.db, sessions: new SessionManager({ store, ownersMayAnswer: false }) };
};

const connect = (conditions: Conditions, turn: Turn): Connection => {
  const { db, sessions } = openSessions(conditions);
  return {
    async open(owner, messages) {
      const { session_id } = await sessions.createSession(ownerOf(owner), { session_id: randomUUID() });
      for (let from = 0; from < messages.length; from += BATCH_SIZE) {
        const batch = messages.slice(from, from + BATCH_SIZE).map(inputOf);
        assertDurable(
          await sessions.addMessages(AGENT, { messages: batch, session_id, user_id: owner, recover: false }),
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
          { session_id: session, limit: PAGE_SIZE, full: false, before_seq: before_seq ?? undefined },
        );
        contents.unshift(...page.messages.map(({ content }) => content));
        before_seq = page.next_before_seq;
      } while (before_seq !== null);
      return contents;
    },
    close: () => db.terminate(),
  };
};

const createPeer = (name: string, turn: Turn): Peer => ({
  name,
  kind: 'ours',
  connect: (conditions) => connect(conditions, turn),
});

export const kbSessions = createPeer('kb-sessions, addMessage twice', bySingleCalls);
export const kbSessionsBatch = createPeer('kb-sessions, addMessages', byOneBatch);
