import {
  type CollectionReference,
  FieldPath,
  FieldValue,
  type Firestore,
  type Query,
  Timestamp,
  type WriteBatch,
} from 'firebase-admin/firestore';
import type { Given, QueryName, Step, WriteStep } from './rpc-history.ts';

const stored = (given: Given): unknown => {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return given;
  if ('time' in given) return Timestamp.fromMillis(given.time);
  return 'add' in given ? FieldValue.increment(given.add) : FieldValue.delete();
};

const dataOf = (fields: Record<string, Given>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([key, given]) => [key, stored(given)]));

type QueryStep = Step & { kind: 'query' };

/** The forms of query that the session module uses. */
const QUERIES: Record<QueryName, (all: CollectionReference, step: QueryStep) => Query> = {
  newest: (all) => all.where('owner', '==', 'x').orderBy('at', 'desc').orderBy('__name__', 'desc'),
  next: (all, { number, id }) => QUERIES.newest(all, NEWEST).startAfter(dayOf(number), id),
  before: (all, { number }) =>
    all.where('owner', '==', 'x').where('number', '<', number).orderBy('number', 'desc'),
  marked: (all) => all.where('mark', '==', true).orderBy(FieldPath.documentId()),
  'marked next': (all, { id }) =>
    all.where('mark', '==', true).orderBy(FieldPath.documentId()).startAfter(id),
  due: (all, { number }) =>
    all
      .where('owner', 'in', ['x', 'y'])
      .where('at', '<=', dayOf(number))
      .orderBy('at')
      .orderBy(FieldPath.documentId())
      .select('at', 'owner'),
  many: (all, { number }) => all.where('number', '>', number),
  all: (all) => all.orderBy('number'),
};

const NEWEST: QueryStep = { kind: 'query', name: 'newest', limit: 1, number: 0, id: 'a' };
const dayOf = (number: number) => Timestamp.fromMillis(number * 86_400_000 + number);

/** What every step of a history is answered with; times by their order of appearance, so that two servers compare. */
export const playHistory = async (db: Firestore, collection: string, steps: Step[]): Promise<unknown[]> => {
  const all = db.collection(collection);
  const seen = new Map<string, Timestamp[]>();
  const times: string[] = [];
  const nameOf = (time: Timestamp | undefined): string | null => {
    if (!time) return null;
    const text = time.valueOf();
    if (!times.includes(text)) times.push(text);
    return `time ${times.indexOf(text)}, ${times.toSorted().indexOf(text)} by order`;
  };
  const described = (document: FirebaseFirestore.DocumentSnapshot) => {
    const { id, updateTime } = document;
    if (updateTime) seen.set(id, [updateTime, ...(seen.get(id) ?? [])]);
    return {
      id,
      exists: document.exists,
      data: document.data(),
      created: nameOf(document.createTime),
      updated: nameOf(updateTime),
      readLater: document.readTime.valueOf() >= (updateTime?.valueOf() ?? ''),
    };
  };

  const add = (batch: WriteBatch, { kind, id, fields, asSeen }: WriteStep): void => {
    const document = all.doc(id);
    const lastUpdateTime = asSeen === null ? undefined : seen.get(id)?.[asSeen];
    if (kind === 'create') batch.create(document, dataOf(fields));
    else if (kind === 'set') batch.set(document, dataOf(fields));
    else if (kind === 'merge') batch.set(document, dataOf(fields), { merge: true });
    else if (kind === 'delete') batch.delete(document);
    else if (lastUpdateTime) batch.update(document, dataOf(fields), { lastUpdateTime });
    else batch.update(document, dataOf(fields));
  };

  const take = async (step: Step): Promise<unknown> => {
    if (step.kind === 'commit') {
      const batch = db.batch();
      for (const write of step.writes) add(batch, write);
      return (await batch.commit()).map(({ writeTime }) => nameOf(writeTime));
    }
    if (step.kind === 'get') return (await db.getAll(...step.ids.map((id) => all.doc(id)))).map(described);
    if (step.kind === 'count') return (await all.where('number', '>', step.number).count().get()).data();
    const found = await QUERIES[step.name](all, step).limit(step.limit).get();
    return { size: found.size, empty: found.empty, documents: found.docs.map(described) };
  };

  const answers: unknown[] = [];
  for (const step of steps) {
    answers.push(
      await take(step).catch((error: Error & { code?: number }) => {
        if (error.code === undefined) throw error;
        return { code: error.code };
      }),
    );
  }
  return answers;
};
