import { randomInt, randomUUID } from 'node:crypto';
import type { Message, Session } from 'kb-sessions';
import type { FirestoreContext } from 'kb-sessions/firestore';
import { encodeRecord } from 'kb-sessions/internal/firestore/codec';
import { messagesCollection, sessionsCollection } from 'kb-sessions/internal/firestore/documents';
import { expireIfDue, newSession } from 'kb-sessions/internal/lifecycle';
import { planAppend } from 'kb-sessions/internal/plan/append';
import { EMPTY_USER_INFO, messageSchema, sessionSchema } from 'kb-sessions-contract/records';
import { newConversation } from '../sample-messages.ts';

/** The owner of all sessions. */
export const OWNER = 'owner';
/** Messages of an over session: 50 documents with the session itself. */
const MESSAGES = 49;
const BATCH_SIZE = 500;
const CONCURRENT_COMMITS = 4;
/** The age of the sessions: past the idle timeout, and their messages past the grace period of the trigger. */
const AGE_MS = 4 * 60 * 60 * 1000;

/** Stores sessions that are due to expire, each with one turn. Their messages are left out, because no sweep reads them. */
export const seedDueSessions = async (context: FirestoreContext, sessions: number): Promise<void> => {
  await store(context, sessions, function* () {
    while (true) yield newChat(context, 2).session;
  });
};

/** Stores this number of documents: over sessions and their messages, all uncounted. */
export const seedUncounted = async (context: FirestoreContext, documents: number): Promise<void> => {
  await store(context, documents, function* () {
    while (true) {
      const { session, messages } = newChat(context, MESSAGES);
      yield expireIfDue(session, Date.now(), context.limits);
      yield* messages;
    }
  });
};

/** Creates a session as one batch of messages leaves it. */
const newChat = (
  { limits, random }: FirestoreContext,
  count: number,
): { session: Session; messages: Message[] } => {
  const planContext = { now: Date.now() - AGE_MS, limits, expiryShard: random(limits.expiryShards) };
  const target = { owner: OWNER, session_id: randomUUID(), user: EMPTY_USER_INFO };
  const opened = newSession({ ...planContext, ...target });
  const view = { session: () => opened, message: () => undefined, user: () => undefined };
  const messages = newConversation(count).map(({ id, role, content }) => ({
    message_id: id,
    role,
    content,
    metadata: role === 'assistant' ? { confidence: randomInt(101) / 100 } : {},
  }));
  const operation = { ...target, messages, context_limit: null, recover: false, replay: false };
  const plan = planAppend(view, operation, planContext);
  const session = plan.kind === 'apply' ? plan.sessions[0] : undefined;
  if (plan.kind !== 'apply' || !session) throw new Error(`the messages must be accepted, found ${plan.kind}`);
  return { session, messages: plan.messages };
};

const store = async (
  { db }: FirestoreContext,
  count: number,
  records: () => Generator<Session | Message, never>,
): Promise<void> => {
  const next = records();
  let left = count;
  const commitBatches = async () => {
    while (left > 0) {
      const batch = db.batch();
      const size = Math.min(BATCH_SIZE, left);
      left -= size;
      for (let nth = 0; nth < size; nth += 1) {
        const record = next.next().value;
        if ('message_id' in record) {
          batch.create(
            messagesCollection(db).doc(record.message_id),
            encodeRecord(messageSchema.parse(record)),
          );
        } else {
          batch.create(
            sessionsCollection(db).doc(record.session_id),
            encodeRecord(sessionSchema.parse(record)),
          );
        }
      }
      await batch.commit();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_COMMITS }, commitBatches));
};
