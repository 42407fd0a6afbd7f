import { randomUUID } from 'node:crypto';
import { type DocumentReference, FieldValue, type Firestore, Timestamp } from 'firebase-admin/firestore';
import { inBatches } from './in-batches.ts';
import { openApp } from './open-app.ts';
import { CONTEXT, type Message, type Model, type Peer } from './peer.ts';

// What the same work costs at least: blind batches on the path of the session, without owner, order of its own, expiry
// or a care for two writers. A to C read the context by a query, D to F from a copy in the session's document.

type Turn = (db: Firestore, session: DocumentReference, question: Message, model: Model) => Promise<void>;

const a: Turn = async (db, session, question, model) => {
  await append(db, session, [question]);
  const context = await newest(session, CONTEXT);
  await append(db, session, [await model(context)]);
};

const b: Turn = async (db, session, question, model) => {
  const [before] = await Promise.all([newest(session, CONTEXT - 1), append(db, session, [question])]);
  await append(db, session, [await model(followedBy(before, question))]);
};

const c: Turn = async (db, session, question, model) => {
  const before = await newest(session, CONTEXT - 1);
  await append(db, session, [question, await model(followedBy(before, question))]);
};

const d: Turn = async (db, session, question, model) => {
  const tail = kept(await tailOf(session), question);
  await append(db, session, [question], { tail });
  const answer = await model(tail.map(contentOf));
  await append(db, session, [answer], { tail: kept(tail, answer) });
};

const e: Turn = async (db, session, question, model) => {
  const tail = kept(await tailOf(session), question);
  const answer = await model(tail.map(contentOf));
  await append(db, session, [question, answer], { tail: kept(tail, answer) });
};

const f: Turn = async (db, session, question, model) => {
  const stored = session.collection('messages').doc(question.id).create(document(question, 0));
  const [before] = await Promise.all([tailOf(session), stored]);
  const tail = kept(before, question);
  const answer = await model(tail.map(contentOf));
  await append(db, session, [answer], { tail: kept(tail, answer) });
};

export const floors: readonly Peer[] = [
  floor('floor A: batch, query, batch', a),
  floor('floor B: A, its first two at once', b),
  floor('floor C: query, batch of both', c),
  floor('floor D: A with the context in the session', d),
  floor('floor E: C with the context in the session', e),
  floor('floor F: D, its first two at once', f),
];

function floor(name: string, turn: Turn): Peer {
  return {
    name,
    kind: 'floor',
    connect({ projectId }) {
      const { db, close } = openApp(projectId);
      const sessionOf = (session: string) => db.collection('chats').doc(session);
      return {
        async open(owner, messages) {
          const session = randomUUID();
          await sessionOf(session).set({ owner, tail: messages.slice(-CONTEXT) });
          const begin = Date.now() - messages.length;
          await inBatches(db, messages, (batch, message, index) => {
            const createdAt = Timestamp.fromMillis(begin + index);
            batch.create(sessionOf(session).collection('messages').doc(message.id), {
              ...message,
              createdAt,
              nth: 0,
            });
          });
          return { owner, session };
        },
        turn: ({ session }, question, model) => turn(db, sessionOf(session), question, model),
        async read({ session }) {
          const messages = sessionOf(session).collection('messages');
          const found = await messages.orderBy('createdAt').orderBy('nth').get();
          return found.docs.map((message): string => message.get('content'));
        },
        close,
      };
    },
  };
}

/** One commit: messages that are new, and the session that is there. */
async function append(
  db: Firestore,
  session: DocumentReference,
  messages: readonly Message[],
  changes: { tail?: readonly Message[] } = {},
): Promise<void> {
  const batch = db.batch();
  for (const [nth, message] of messages.entries())
    batch.create(session.collection('messages').doc(message.id), document(message, nth));
  batch.update(session, { ...changes, updatedAt: FieldValue.serverTimestamp() });
  await batch.commit();
}

/** Within one commit all server timestamps are the same. */
function document(message: Message, nth: number) {
  return { ...message, createdAt: FieldValue.serverTimestamp(), nth };
}

async function newest(session: DocumentReference, count: number): Promise<string[]> {
  const messages = session.collection('messages');
  const found = await messages.orderBy('createdAt', 'desc').orderBy('nth', 'desc').limit(count).get();
  return found.docs.map((message): string => message.get('content')).reverse();
}

async function tailOf(session: DocumentReference): Promise<readonly Message[]> {
  const tail: readonly Message[] = (await session.get()).get('tail');
  return tail;
}

function kept(tail: readonly Message[], message: Message): readonly Message[] {
  return [...tail, message].slice(-CONTEXT);
}

/** A read beside the write may have seen the question or not. */
function followedBy(before: readonly string[], { content }: Message): string[] {
  return [...before.filter((other) => other !== content), content];
}

function contentOf({ content }: Message): string {
  return content;
}
