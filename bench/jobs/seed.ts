import { randomInt, randomUUID } from 'node:crypto';
import type { Message, Session } from 'kb-sessions';
import type { FirestoreContext } from 'kb-sessions/firestore';
import { encodeRecord } from 'kb-sessions/internal/firestore/codec';
import { messagesCollection, sessionsCollection } from 'kb-sessions/internal/firestore/documents';
import { expireIfDue, newSession } from 'kb-sessions/internal/lifecycle';
import { planAppend } from 'kb-sessions/internal/plan/append';
import { EMPTY_USER_INFO, messageSchema, sessionSchema } from 'kb-sessions-contract/records';
import { conversation } from '../content.ts';

/** Whose the sessions are. */
export const OWNER = 'owner';
/** Messages of a session that is over: with the session itself 50 documents. */
const MESSAGES = 49;
const BATCH = 500;
/** Commits under way at once. */
const PARALLEL = 4;
/** Long enough ago that a session is idle for too long, and its messages are no longer left to the trigger. */
const AGO_MS = 4 * 60 * 60 * 1000;

/** Stores so many sessions that are due to expire, each with one turn, whose messages no sweep looks at. */
export async function seedDue(setup: FirestoreContext, sessions: number): Promise<void> {
  await store(setup, sessions, function* () {
    while (true) yield chat(setup, 2).session;
  });
}

/** Stores so many documents: sessions that are over and their messages, none of them counted yet. */
export async function seedUncounted(setup: FirestoreContext, documents: number): Promise<void> {
  await store(setup, documents, function* () {
    while (true) {
      const { session, messages } = chat(setup, MESSAGES);
      yield expireIfDue(session, Date.now(), setup.limits);
      yield* messages;
    }
  });
}

/** A session as it was left by so many messages, all of one bundle. */
function chat(setup: FirestoreContext, count: number): { session: Session; messages: Message[] } {
  const { limits, random } = setup;
  const circumstances = { now: Date.now() - AGO_MS, limits, expiryShard: random(limits.expiryShards) };
  const session_id = randomUUID();
  const named = { owner: OWNER, session_id, user: EMPTY_USER_INFO };
  const opened = newSession({ ...circumstances, ...named });
  const view = { session: () => opened, message: () => undefined, user: () => undefined };
  const messages = conversation(count).map(({ id, role, content }) => ({
    message_id: id,
    role,
    content,
    metadata: role === 'assistant' ? { confidence: randomInt(101) / 100 } : {},
  }));
  const plan = planAppend(
    view,
    { ...named, messages, context_limit: null, recover: false, replay: false },
    circumstances,
  );
  const session = plan.kind === 'apply' ? plan.sessions[0] : undefined;
  if (plan.kind !== 'apply' || !session) throw new Error(`messages were to be planned, found ${plan.kind}`);
  return { session, messages: plan.messages };
}

async function store(
  { db }: FirestoreContext,
  count: number,
  records: () => Generator<Session | Message, never>,
): Promise<void> {
  const next = records();
  let left = count;
  const commitSome = async () => {
    while (left > 0) {
      const batch = db.batch();
      const size = Math.min(BATCH, left);
      left -= size;
      for (let put = 0; put < size; put += 1) {
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
  await Promise.all(Array.from({ length: PARALLEL }, commitSome));
}
