import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Timestamp } from '../../node_modules/firebase-admin/lib/firestore/index.js';

// Served beside our functions: what these ask of Firestore, and what they answer, in plain Admin SDK code with nothing
// around it. What a call of ours takes beyond that is our own code.

const functions = createRequire(join(import.meta.dirname, '../../functions/package.json'));
const { onCall }: typeof import('../../node_modules/firebase-functions/lib/v2/providers/https.js') =
  functions('firebase-functions/https');
const { initializeApp }: typeof import('../../node_modules/firebase-admin/lib/app/index.js') =
  functions('firebase-admin/app');
const { getFirestore }: typeof import('../../node_modules/firebase-admin/lib/firestore/index.js') =
  functions('firebase-admin/firestore');

/** Of `recent` in a session's document. */
interface Stored {
  readonly message_id: string;
  readonly seq: number;
  readonly role: string;
  readonly content: string;
  readonly created_at: Timestamp;
}

type Input = Readonly<Record<string, string>>;

const RECENT = 20;
/** What our answers say where nothing was recovered or rolled over. */
const settled = { recovered: false, rolled_over: false, durability: 'durable' };
const db = getFirestore(initializeApp(), process.env.DATABASE_ID ?? '(default)');

const calls: Readonly<Record<string, (input: Input) => Promise<object>>> = {
  async getSession({ session_id }) {
    const { data } = await read(session_id);
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
      created_at: shown(session.created_at),
      last_activity: shown(session.last_activity),
      expires_at: shown(session.expires_at),
    };
    return { session: { ...session, ...times, avg_confidence: null }, ...settled, metadata: null };
  },

  async getHistory({ session_id }) {
    const { data } = await read(session_id);
    const recent: readonly Stored[] = data.recent;
    const messages = recent.map((message) => ({ ...message, created_at: shown(message.created_at) }));
    return { session_id, messages, next_before_seq: recent[0]?.seq, complete: true };
  },

  async addMessage({ session_id, role, content }) {
    const { session, data, readTime } = await read(session_id);
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
      recent: [...recent, message].slice(-RECENT),
    });
    await batch.commit();
    const appended = { message_id: message.message_id, seq: message.seq, session_id };
    return { ...appended, ...settled, held_by: null, context: null, context_complete: null };
  },
};

export const sessions = onCall(({ data, rawRequest }) =>
  calls[rawRequest.path.split('/').at(-1) ?? '']?.(data),
);

async function read(session_id = '') {
  const session = db.collection('kb_sessions').doc(session_id);
  const found = await session.get();
  const data = found.data();
  if (data === undefined) throw new Error('a session was to be there, found nothing');
  return { session, data, readTime: found.readTime };
}

function shown(time: Timestamp): string {
  return time.toDate().toISOString();
}
