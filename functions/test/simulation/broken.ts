import type { Firestore } from 'firebase-admin/firestore';
import type { CommitRequest, Write } from 'kb-sessions-testing';
import { v4 } from 'uuid';
import { SessionError } from '../../src/session/errors.ts';
import type { SessionStore } from '../../src/session/index.ts';
import { AS_IT_IS, type Variant } from './variant.ts';

type Send = (request: CommitRequest) => Promise<object>;

/** The client with its commits changed: the same method that a model takes the place of. */
const withCommits = (db: Firestore, change: (send: Send) => Send): Firestore => {
  const request: unknown = Reflect.get(db, 'request');
  if (typeof request !== 'function') throw new Error('a client of a model has its method request');
  const commit = change((given) => request.call(db, 'commit', given));
  return Object.assign(db, {
    request: (method: string, given: CommitRequest) =>
      method === 'commit' ? commit(given) : request.call(db, method, given),
  });
};

const clientThat = (change: (send: Send) => Send): Variant => ({
  ...AS_IT_IS,
  client: (db) => withCommits(db, change),
});

const clientThatWrites = (change: (write: Write) => Write): Variant =>
  clientThat(
    (send) =>
      ({ writes, ...rest }) =>
        send({ ...rest, writes: writes.map(change) }),
  );

const isOf = (collection: string, { update }: Write): boolean =>
  update?.name.includes(`/${collection}/`) ?? false;

/** The write under any circumstances but that the document is there. */
const ifThere = (write: Write): Write =>
  write.currentDocument?.updateTime ? { ...write, currentDocument: { exists: true } } : write;

const storeThat = (change: (store: SessionStore) => Partial<SessionStore>): Variant => ({
  ...AS_IT_IS,
  store: (store) =>
    new Proxy(store, {
      get: (_, key) => {
        const own: unknown = Reflect.get(change(store), key);
        if (own !== undefined) return own;
        const value: unknown = Reflect.get(store, key, store);
        return typeof value === 'function' ? value.bind(store) : value;
      },
    }),
});

const isOfCode = (error: unknown, code: string): boolean =>
  error instanceof SessionError && error.code === code;

/** Mistakes that are easily made: the simulation is worth as much as it finds them. */
export const BROKEN: Record<string, Variant> = {
  'a session is written whatever became of it since it was read': clientThatWrites((write) =>
    isOf('kb_sessions', write) ? ifThere(write) : write,
  ),
  'a message is counted whatever is counted of it already': clientThatWrites((write) =>
    isOf('kb_messages', write) ? ifThere(write) : write,
  ),
  'what is to be created is set': clientThatWrites(({ currentDocument, ...write }) =>
    currentDocument?.exists === false ? write : { ...write, currentDocument: currentDocument ?? null },
  ),
  'counters move in a commit of their own': clientThat((send) => async (request) => {
    const counts = (write: Write) => !write.currentDocument?.updateTime && write.updateTransforms;
    const counting = request.writes.filter(counts);
    if (counting.length > 0) await send({ ...request, writes: counting });
    return send({ ...request, writes: request.writes.filter((write) => !counts(write)) });
  }),
  'a commit is written piece by piece': clientThat((send) => async (request) => {
    const writeResults: object[] = [];
    for (const write of request.writes) writeResults.push(await send({ ...request, writes: [write] }));
    return { writeResults };
  }),
  'an unclear commit is taken for done': clientThat((send) => async (request) => {
    try {
      return await send(request);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 14) return { writeResults: [] };
      throw error;
    }
  }),
  'a message that is offered again gets a new id': storeThat((store) => ({
    append: async (operation) => {
      try {
        return await store.append(operation);
      } catch (error) {
        if (!isOfCode(error, 'unavailable')) throw error;
        const messages = operation.messages.map((message) => ({ ...message, message_id: v4() }));
        const appended = await store.append({ ...operation, messages });
        return {
          ...appended,
          messages: appended.messages.map(({ seq }, index) => ({
            seq,
            message_id: operation.messages[index]?.message_id ?? '',
          })),
        };
      }
    },
  })),
  'who finds nothing is let into what another has': storeThat((store) => ({
    append: async (operation) => {
      try {
        return await store.append(operation);
      } catch (error) {
        if (!isOfCode(error, 'not-found')) throw error;
        return store.append({ ...operation, owner: operation.owner === 'ann' ? 'bob' : 'ann' });
      }
    },
  })),
};
