import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Timestamp } from '../../node_modules/firebase-admin/lib/firestore/index.js';

// Served beside our functions: the same RPCs and answers in plain Admin SDK code. The CPU time of our calls beyond that
// of these is the time of our own code.

const functions = createRequire(join(import.meta.dirname, '../../functions/package.json'));
const { onCall }: typeof import('../../node_modules/firebase-functions/lib/v2/providers/https.js') =
  functions('firebase-functions/https');
const { initializeApp }: typeof import('../../node_modules/firebase-admin/lib/app/index.js') =
  functions('firebase-admin/app');
const { getFirestore }: typeof import('../../node_modules/firebase-admin/lib/firestore/index.js') =
  functions('firebase-admin/firestore');

/** An entry of `recent` in a session's document. */
type Stored = { message_id: string; seq: number; role: string; content: string; created_at: Timestamp };

type Input = Record<string, string>;

const RECENT_MESSAGES = 20;
/** The fields of our answers without recovery and roll-over. */
const settled = { recovered: false, rolled_over: false, durability: 'durable' };
const db = getFirestore(initializeApp(), process.env.DATABASE_ID ?? '(default)');

const readSession = async (session_id = '') => {
  const session = db.collection('kb_sessions').doc(session_id);
  const snapshot = await session.get();
  const data = snapshot.data();
  if (data === undefined) throw new Error('the session must exist, found none');
  return { session, data, readTime: snapshot.readTime };
};

const isoTime = (time: Timestamp): string => time.toDate().toISOString();

const calls: Record<string, (input: Input) => Promise<object>> = {
  async getSession({ session_id }) {
    const { data } = await readSession(session_id);
    const {
      recent: _recent,
      expiry_shard: _shard,
      confidence_sum: _sum,
      confidence_count: _count,
      purge_at: _at,
      schema_version: _version,
      ...session
    } = data;
    const times = {
      created_at: isoTime(session.created_at),
      last_activity: isoTime(session.last_activity),
      expires_at: isoTime(session.expires_at),
    };
    return { session: { ...session, ...times, avg_confidence: null }, ...settled, metadata: null };
  },

  async getHistory({ session_id }) {
    const { data } = await readSession(session_id);
    const recent: Stored[] = data.recent;
    const messages = recent.map((message) => ({ ...message, created_at: isoTime(message.created_at) }));
    return { session_id, messages, next_before_seq: recent[0]?.seq, complete: true };
  },

  async addMessage({ session_id, role, content }) {
    const { session, data, readTime } = await readSession(session_id);
    const { message_seq, recent, user_id, purge_at } = data;
    const message = { message_id: randomUUID(), seq: message_seq + 1, role, content, created_at: readTime };
    const batch = db.batch();
    batch.create(db.collection('kb_messages').doc(message.message_id), {
      ...message,
      session_id,
      user_id,
      metadata: {},
      feedback: null,
      feedback_comment: null,
      counted: null,
      uncounted: true,
      replayed: false,
      purge_at,
    });
    batch.update(session, {
      message_seq: message.seq,
      last_activity: readTime,
      expires_at: readTime,
      recent: [...recent, message].slice(-RECENT_MESSAGES),
    });
    await batch.commit();
    const appended = { message_id: message.message_id, seq: message.seq, session_id };
    return { ...appended, ...settled, held_by: null, context: null, context_complete: null };
  },
};

export const sessions = onCall(({ data, rawRequest }) =>
  calls[rawRequest.path.split('/').at(-1) ?? '']?.(data),
);
