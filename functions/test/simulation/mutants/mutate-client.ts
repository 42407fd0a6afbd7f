import type { Firestore } from 'firebase-admin/firestore';
import type { CommitRequest, Write } from 'kb-sessions-testing';
import { AS_IT_IS, type Variant } from '../variant.ts';

type Send = (request: CommitRequest) => Promise<object>;

/** How the calls write, and how the sweep does. */
type Method = 'commit' | 'batchWrite';

/** The client with what it sends changed: the same method that a model takes the place of. */
const withWrites = (db: Firestore, changed: Method, change: (send: Send) => Send): Firestore => {
  const request: unknown = Reflect.get(db, 'request');
  if (typeof request !== 'function') throw new Error('a client of a model has its method request');
  return Object.assign(db, {
    request: (method: string, given: CommitRequest) =>
      method === changed
        ? change((other) => request.call(db, method, other))(given)
        : request.call(db, method, given),
  });
};

export const mutateClient = (change: (send: Send) => Send, method: Method = 'commit'): Variant => ({
  ...AS_IT_IS,
  client: (db) => withWrites(db, method, change),
});

export const mutateClientWrites = (change: (write: Write) => Write, method?: Method): Variant =>
  mutateClient(
    (send) =>
      ({ writes, ...rest }) =>
        send({ ...rest, writes: writes.map(change) }),
    method,
  );

export const isOf = (collection: string, { update }: Write): boolean =>
  update?.name.includes(`/${collection}/`) ?? false;

export const changes = (field: string, { updateMask }: Write): boolean =>
  updateMask?.fieldPaths?.includes(field) ?? false;

/** The write under any circumstances but that the document is there. */
export const ifThere = (write: Write): Write =>
  write.currentDocument?.updateTime ? { ...write, currentDocument: { exists: true } } : write;
