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
} from 'kb-sessions/firestore';
import { messagesCollection } from 'kb-sessions/internal/firestore/documents';
import type { IndexFile } from 'kb-sessions-testing/internal/indexes/index-file';
import type { BenchContext } from '../bench-context.ts';
import { conversation, say } from '../content.ts';
import { deployed } from '../jobs/deployed.ts';
import { CONTEXT, type Message } from '../peers/peer.ts';
import { footprintOf } from './footprint.ts';
import { forTwoUsers, type User } from './for-two-users.ts';
import { indexEntries } from './index-entries.ts';
import type { OperationResult, ScaleResults, StoredResult } from './scale-results.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { documentSize, entrySize } from './stored-size.ts';

const LENGTH = 30;
const BUNDLE = 10;
const AGENT: Caller = { user_id: 'agent', trusted: true, email: null, name: null };
const UNTIL_DONE = { deadline: Number.POSITIVE_INFINITY, clock: Date.now };

type Work = (user: User) => Promise<unknown>;

/**
 * Each operation alone, in a session of 30 messages that are counted, or in one that is due. With one shard of
 * everything, because how many it takes is what is to be found out. What a sweep takes by itself is in its cost.
 */
export async function measureOperations(stage: BenchContext): Promise<Omit<ScaleResults, 'peers'>> {
  const deployment = deployed(stage.projectId);
  const { db, limits } = deployment;
  const setup = { ...deployment, limits: { ...limits, expiryShards: 1, analyticsShards: 1 } };
  const sessions = managerOf(setup);
  const shortLived = managerOf({ ...setup, limits: { ...setup.limits, idleTimeoutMs: 1 } });
  const indexes: IndexFile = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../firestore.indexes.json'), 'utf8'),
  );
  const chats = { alice: randomUUID(), bob: randomUUID() };

  const measure = async (work: Work, prepare: Work = async () => {}): Promise<OperationResult> => {
    const [one, other] = await forTwoUsers(async (user) => {
      await prepare(user);
      const before = await takeSnapshot(db);
      await stage.firestore.take();
      const answer = await work(user);
      const cost = await stage.firestore.take();
      return { answer, cost, snapshots: [before, await takeSnapshot(db)] };
    });
    const { reads, writes, trips, bytesUp, bytesDown } = one.cost;
    const answerBytes = Buffer.byteLength(JSON.stringify(one.answer ?? null));
    const footprint = footprintOf(indexes, one.snapshots, other.snapshots);
    return { reads, writes, trips, bytesUp, bytesDown, answerBytes, ...footprint };
  };
  const ask = (user: User, session_id: string, message: Message) =>
    sessions.addMessage(callerOf(user), {
      ...inputOf(message),
      session_id,
      context_limit: CONTEXT,
      recover: false,
    });
  const count = async (message: Message) => (await counting(setup, message))();
  const reconcile = () => reconcileCounters(setup, { ...UNTIL_DONE, triggerGraceMs: 0 });

  const createSession = await measure((user) =>
    sessions.createSession(callerOf(user), { session_id: chats[user] }),
  );
  await forTwoUsers(async (user) => {
    const said = conversation(LENGTH);
    for (let from = 0; from < said.length; from += BUNDLE) {
      const messages = said.slice(from, from + BUNDLE).map(inputOf);
      await sessions.addMessages(AGENT, { messages, session_id: chats[user], user_id: user, recover: false });
    }
    for (const message of said) await count(message);
  });
  const questions = { alice: say('user'), bob: say('user') };
  const question = await measure((user) => ask(user, chats[user], questions[user]));
  const answer = await measure((user) =>
    sessions.addMessage(AGENT, {
      ...inputOf(say('assistant')),
      metadata: { confidence: 0.9 },
      session_id: chats[user],
      user_id: user,
      recover: false,
    }),
  );
  const snapshot = await takeSnapshot(db);
  const events = await forTwoUsers((user) => counting(setup, questions[user]));
  const onMessageCreated = await measure((user) => (user === 'alice' ? events[0] : events[1])());
  const getSession = await measure((user) =>
    sessions.getSession(callerOf(user), { session_id: chats[user], recover: false }),
  );
  // As a page that shows a chat asks.
  const getHistory = await measure((user) =>
    sessions.getHistory(callerOf(user), { session_id: chats[user], limit: CONTEXT, full: true }),
  );
  const endSession = await measure((user) =>
    sessions.endSession(callerOf(user), { session_id: chats[user] }),
  );
  await reconcile();
  const reconciled = await measure(reconcile, async (user) => {
    const { session_id } = await sessions.createSession(callerOf(user), {});
    const message = say('user');
    await ask(user, session_id, message);
    await count(message);
    await sessions.endSession(callerOf(user), { session_id });
  });
  const expired = await measure(
    () => expireSessions(setup, UNTIL_DONE),
    (user) => shortLived.createSession(callerOf(user), {}),
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
      session: storedIn('kb_sessions', snapshot, indexes),
      message: storedIn('kb_messages', snapshot, indexes),
    },
  };
}

/** What the trigger does with the event of a new message, which has the message in it. */
async function counting(setup: FirestoreContext, { id }: Message): Promise<() => Promise<unknown>> {
  const document = await messagesCollection(setup.db).doc(id).get();
  const { updateTime } = document;
  const data = document.data();
  if (!data || !updateTime) throw new Error(`message ${id} was to be stored, found nothing`);
  return () => countMessage(setup, decodeMessage(data), updateTime);
}

function storedIn(collection: string, snapshot: Snapshot, indexes: IndexFile): StoredResult {
  const documents = [...snapshot.values()].filter(({ path }) => path.startsWith(`${collection}/`));
  const entries = documents.flatMap((document) => indexEntries(indexes, document));
  const each = (total: number) => Math.round(total / documents.length);
  return {
    documentBytes: each(documents.reduce((sum, document) => sum + documentSize(document), 0)),
    indexEntries: each(entries.length),
    indexBytes: each(entries.reduce((sum, entry) => sum + entrySize(entry), 0)),
  };
}

function managerOf(setup: FirestoreContext): SessionManager {
  return new SessionManager({ store: new FirestoreStore(setup, () => {}), ownersMayAnswer: false });
}

function callerOf(user_id: string): Caller {
  return { user_id, trusted: false, email: null, name: null };
}

function inputOf({ id, role, content }: Message) {
  return { message_id: id, role, content };
}
