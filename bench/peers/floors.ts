import { randomUUID } from 'node:crypto';
import { type DocumentReference, FieldValue, type Firestore, Timestamp } from 'firebase-admin/firestore';
import { openApp, writeInBatches } from './firestore-app.ts';
import { CONTEXT, type Message, type Model, type Peer } from './peer.ts';

// Lower bounds for the same work: unconditional batches below the session's document, without ownership, ordering, expiry
// or concurrency control. A to C read the context by a query, D to F from a copy in the session's document.

type Turn = (db: Firestore, session: DocumentReference, question: Message, model: Model) => Promise<void>;

/** All server timestamps of one commit are the same, so `nth` orders them. */
const documentOf = (message: Message, nth: number) => ({
  ...message,
  createdAt: FieldValue.serverTimestamp(),
  nth,
});

/** Creates messages and updates the existing session in one commit. */
const append = async (
  db: Firestore,
  session: DocumentReference,
  messages: readonly Message[],
  changes: { tail?: readonly Message[] } = {},
): Promise<void> => {
  const batch = db.batch();
  for (const [nth, message] of messages.entries())
    batch.create(session.collection('messages').doc(message.id), documentOf(message, nth));
  batch.update(session, { ...changes, updatedAt: FieldValue.serverTimestamp() });
  await batch.commit();
};

const newest = async (session: DocumentReference, count: number): Promise<string[]> => {
  const messages = session.collection('messages');
  const { docs } = await messages.orderBy('createdAt', 'desc').orderBy('nth', 'desc').limit(count).get();
  return docs.map((message): string => message.get('content')).reverse();
};

const readTail = async (session: DocumentReference): Promise<readonly Message[]> => {
  const tail: readonly Message[] = (await session.get()).get('tail');
  return tail;
};

const appendToTail = (tail: readonly Message[], message: Message) => [...tail, message].slice(-CONTEXT);

/** A read beside the write may or may not contain the question. */
const withQuestion = (before: readonly string[], { content }: Message): string[] => [
  ...before.filter((other) => other !== content),
  content,
];

const contentOf = ({ content }: Message): string => content;

const a: Turn = async (db, session, question, model) => {
  await append(db, session, [question]);
  const context = await newest(session, CONTEXT);
  await append(db, session, [await model(context)]);
};

const b: Turn = async (db, session, question, model) => {
  const [before] = await Promise.all([newest(session, CONTEXT - 1), append(db, session, [question])]);
  await append(db, session, [await model(withQuestion(before, question))]);
};

const c: Turn = async (db, session, question, model) => {
  const before = await newest(session, CONTEXT - 1);
  await append(db, session, [question, await model(withQuestion(before, question))]);
};

const d: Turn = async (db, session, question, model) => {
  const tail = appendToTail(await readTail(session), question);
  await append(db, session, [question], { tail });
  const answer = await model(tail.map(contentOf));
  await append(db, session, [answer], { tail: appendToTail(tail, answer) });
};

const e: Turn = async (db, session, question, model) => {
  const tail = appendToTail(await readTail(session), question);
  const answer = await model(tail.map(contentOf));
  await append(db, session, [question, answer], { tail: appendToTail(tail, answer) });
};

const f: Turn = async (db, session, question, model) => {
  const stored = session.collection('messages').doc(question.id).create(documentOf(question, 0));
  const [before] = await Promise.all([readTail(session), stored]);
  const tail = appendToTail(before, question);
  const answer = await model(tail.map(contentOf));
  await append(db, session, [answer], { tail: appendToTail(tail, answer) });
};

const createFloor = (name: string, turn: Turn): Peer => ({
  name,
  kind: 'floor',
  connect({ projectId }) {
    const { db, close } = openApp(projectId);
    const sessionOf = (session: string) => db.collection('chats').doc(session);
    return {
      async open(owner, messages) {
        const session = randomUUID();
        await sessionOf(session).set({ owner, tail: messages.slice(-CONTEXT) });
        const startMs = Date.now() - messages.length;
        await writeInBatches(db, messages, (batch, message, index) => {
          const createdAt = Timestamp.fromMillis(startMs + index);
          const document = sessionOf(session).collection('messages').doc(message.id);
          batch.create(document, { ...message, createdAt, nth: 0 });
        });
        return { owner, session };
      },
      turn: ({ session }, question, model) => turn(db, sessionOf(session), question, model),
      async read({ session }) {
        const messages = sessionOf(session).collection('messages');
        const { docs } = await messages.orderBy('createdAt').orderBy('nth').get();
        return docs.map((message): string => message.get('content'));
      },
      close,
    };
  },
});

export const floors: readonly Peer[] = [
  createFloor('floor A: batch, query, batch', a),
  createFloor('floor B: A, its first two at once', b),
  createFloor('floor C: query, batch of both', c),
  createFloor('floor D: A with the context in the session', d),
  createFloor('floor E: C with the context in the session', e),
  createFloor('floor F: D, its first two at once', f),
];
