import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Caller, SessionManager } from 'kb-sessions';
import {
  countMessage,
  decodeMessage,
  expireSessions,
  type FirestoreContext,
  FirestoreStore,
  reconcileCounters,
  withSweepDeadline,
} from 'kb-sessions/firestore';
import { messagesCollection } from 'kb-sessions/internal/firestore/documents';
import type { IndexFile } from 'kb-sessions-testing/internal/indexes/index-file';
import { type BenchContext, NEVER_IDLE_SECONDS } from '../bench-context.ts';
import { deployedContext } from '../deployed-context.ts';
import { CONTEXT, type Message, type Peer } from '../peers/peer.ts';
import { newConversation, newMessage } from '../sample-messages.ts';
import { sumOf } from '../stats.ts';
import { type Footprint, footprintOf, type Snapshot, takeSnapshot } from './footprint.ts';
import { documentSize, entrySize, indexEntriesOf } from './index-entries.ts';
import type { OperationResult, ScaleResults, StoredResult } from './scale-results.ts';

const SESSION_MESSAGES = 30;
const BATCH_SIZE = 10;
const AGENT: Caller = { user_id: 'agent', trusted: true, email: null, name: null };
const NO_BUDGET = { deadline: Number.POSITIVE_INFINITY, clock: Date.now };
const AUTOMATIC_INDEXES: IndexFile = { indexes: [], fieldOverrides: [] };

type User = 'alice' | 'bob';
type Work = (user: User) => Promise<unknown>;

/** Runs the same work for two users, one after the other. Places that both write are places that all users write. */
const forTwoUsers = async <Result>(work: (user: User) => Promise<Result>): Promise<[Result, Result]> => [
  await work('alice'),
  await work('bob'),
];

/** Measures the cost of each operation, and the footprints of the operations and of a turn of each peer. */
export const benchScale = async (context: BenchContext, peers: readonly Peer[]): Promise<ScaleResults> => {
  context.log('Operations around a turn.');
  const ours = await measureOperations(context);
  const footprints = [];
  for (const peer of peers) {
    context.log(`Writes of a turn: ${peer.name}.`);
    footprints.push({ peer: peer.name, footprint: await turnFootprintOf(peer) });
  }
  return { ...ours, peers: footprints };
};

const turnFootprintOf = async (peer: Peer): Promise<Footprint> => {
  const projectId = `demo-bench-${randomUUID()}`;
  const { db } = deployedContext(projectId).context;
  const connection = peer.connect({ projectId, idleSeconds: NEVER_IDLE_SECONDS });
  const [ours, others] = await forTwoUsers(async (user) => {
    const chat = await connection.open(user, newConversation(SESSION_MESSAGES));
    const snapshots = [await takeSnapshot(db)];
    // With a snapshot between question and answer, because many peers write the same document for both.
    await connection.turn(chat, newMessage('user'), async () => {
      snapshots.push(await takeSnapshot(db));
      return newMessage('assistant');
    });
    snapshots.push(await takeSnapshot(db));
    return snapshots;
  });
  await connection.close();
  await db.terminate();
  return footprintOf(AUTOMATIC_INDEXES, ours, others);
};

/**
 * Measures each operation alone, in a session of 30 counted messages or in one that is due to expire. There is one shard
 * of everything, because the scale arithmetic computes the number of shards. The cost of a sweep includes its queries.
 */
const measureOperations = async (context: BenchContext): Promise<Omit<ScaleResults, 'peers'>> => {
  const deployed = withSweepDeadline(deployedContext(context.projectId).context);
  const { db, limits } = deployed;
  const store = { ...deployed, limits: { ...limits, expiryShards: 1, analyticsShards: 1 } };
  const sessions = managerOf(store);
  const shortLived = managerOf({ ...store, limits: { ...store.limits, idleTimeoutMs: 1 } });
  const indexes: IndexFile = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../firestore.indexes.json'), 'utf8'),
  );
  const chats = { alice: randomUUID(), bob: randomUUID() };

  const measure = async (work: Work, prepare: Work = async () => {}): Promise<OperationResult> => {
    const [ours, others] = await forTwoUsers(async (user) => {
      await prepare(user);
      const before = await takeSnapshot(db);
      await context.firestore.take();
      const answer = await work(user);
      const cost = await context.firestore.take();
      return { answer, cost, snapshots: [before, await takeSnapshot(db)] };
    });
    const { reads, writes, trips, bytesUp, bytesDown } = ours.cost;
    const answerBytes = Buffer.byteLength(JSON.stringify(ours.answer ?? null));
    const footprint = footprintOf(indexes, ours.snapshots, others.snapshots);
    return { reads, writes, trips, bytesUp, bytesDown, answerBytes, ...footprint };
  };
  const addQuestion = (user: User, session_id: string, message: Message) =>
    sessions.addMessage(ownerOf(user), {
      ...inputOf(message),
      session_id,
      context_limit: CONTEXT,
      recover: false,
    });
  const count = async (message: Message) => (await counterOf(store, message))();
  const reconcile = () => reconcileCounters(store, { ...NO_BUDGET, triggerGraceMs: 0 });

  const createSession = await measure((user) =>
    sessions.createSession(ownerOf(user), { session_id: chats[user] }),
  );
  await forTwoUsers(async (user) => {
    const messages = newConversation(SESSION_MESSAGES);
    for (let from = 0; from < messages.length; from += BATCH_SIZE) {
      const batch = messages.slice(from, from + BATCH_SIZE).map(inputOf);
      const target = { session_id: chats[user], user_id: user, recover: false };
      await sessions.addMessages(AGENT, { messages: batch, ...target });
    }
    for (const message of messages) await count(message);
  });
  const questions = { alice: newMessage('user'), bob: newMessage('user') };
  const question = await measure((user) => addQuestion(user, chats[user], questions[user]));
  const answer = await measure((user) =>
    sessions.addMessage(AGENT, {
      ...inputOf(newMessage('assistant')),
      metadata: { confidence: 0.9 },
      session_id: chats[user],
      user_id: user,
      recover: false,
    }),
  );
  const snapshot = await takeSnapshot(db);
  const counters = await forTwoUsers((user) => counterOf(store, questions[user]));
  const onMessageCreated = await measure((user) => (user === 'alice' ? counters[0] : counters[1])());
  const getSession = await measure((user) =>
    sessions.getSession(ownerOf(user), { session_id: chats[user], recover: false }),
  );
  // As a page that shows a chat calls it.
  const getHistory = await measure((user) =>
    sessions.getHistory(ownerOf(user), { session_id: chats[user], limit: CONTEXT, full: true }),
  );
  const endSession = await measure((user) => sessions.endSession(ownerOf(user), { session_id: chats[user] }));
  await reconcile();
  const reconciled = await measure(reconcile, async (user) => {
    const { session_id } = await sessions.createSession(ownerOf(user), {});
    const message = newMessage('user');
    await addQuestion(user, session_id, message);
    await count(message);
    await sessions.endSession(ownerOf(user), { session_id });
  });
  const expired = await measure(
    () => expireSessions(store, NO_BUDGET),
    (user) => shortLived.createSession(ownerOf(user), {}),
  );
  await db.terminate();
  return {
    operations: {
      createSession,
      getSession,
      getHistory,
      'addMessage, question': question,
      'addMessage, answer': answer,
      onMessageCreated,
      endSession,
      expireSessions: expired,
      reconcileCounters: reconciled,
    },
    stored: {
      session: storedSizeOf('kb_sessions', snapshot, indexes),
      message: storedSizeOf('kb_messages', snapshot, indexes),
    },
  };
};

/** Reads the event of a new message, and returns the work of the trigger on it. The event contains the message. */
const counterOf = async (context: FirestoreContext, { id }: Message): Promise<() => Promise<unknown>> => {
  const document = await messagesCollection(context.db).doc(id).get();
  const { updateTime } = document;
  const data = document.data();
  if (!data || !updateTime) throw new Error(`message ${id} must exist, found none`);
  return () => countMessage(context, decodeMessage(data), updateTime);
};

const storedSizeOf = (collection: string, snapshot: Snapshot, indexes: IndexFile): StoredResult => {
  const documents = [...snapshot.values()].filter(({ path }) => path.startsWith(`${collection}/`));
  const entries = documents.flatMap((document) => indexEntriesOf(indexes, document));
  const perDocument = (total: number) => Math.round(total / documents.length);
  return {
    documentBytes: perDocument(sumOf(documents, documentSize)),
    indexEntries: perDocument(entries.length),
    indexBytes: perDocument(sumOf(entries, entrySize)),
  };
};

const managerOf = (context: FirestoreContext): SessionManager =>
  new SessionManager({ store: new FirestoreStore(context, () => {}), ownersMayAnswer: false });

const ownerOf = (user_id: string): Caller => ({ user_id, trusted: false, email: null, name: null });

const inputOf = ({ id, role, content }: Message) => ({ message_id: id, role, content });
