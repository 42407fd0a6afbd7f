import { createRequire } from 'node:module';
import type { google } from '@google-cloud/firestore/build/protos/firestore_v1_proto_api.js';
import protobuf from 'protobufjs';

/**
 * The messages of google.firestore.v1, from the descriptor that the client library itself encodes with at run time,
 * so what it sends can always be decoded. (The message classes it ships beside it are types only: they are generated
 * without `decode`.)
 */
const descriptor: protobuf.INamespace = createRequire(import.meta.url)(
  '@google-cloud/firestore/build/protos/v1.json',
);
const root = protobuf.Root.fromJSON(descriptor);
const PACKAGE = 'google.firestore.v1';

const { methods } = root.lookupService(`${PACKAGE}.Firestore`);

/** An RPC of the Firestore service, as in `BatchGetDocuments`. */
export type FirestoreMethod = Capitalize<
  Exclude<keyof google.firestore.v1.Firestore, keyof protobuf.rpc.Service>
>;

export const firestoreMethods: readonly string[] = Object.keys(methods);

export const isFirestoreMethod = (name: unknown): name is FirestoreMethod =>
  typeof name === 'string' && firestoreMethods.includes(name);

/** Whether the client sends a stream of requests, which it may keep open. */
export const isStreaming = (method: string): boolean => methods[method]?.requestStream === true;

export const methodPath = (method: string): string => `/${PACKAGE}.Firestore/${method}`;

/** A function that decodes messages of a type into plain objects: enums are names, 64-bit integers numbers, what is absent is absent. */
export const createDecoder = <Message extends object>(name: string): ((bytes: Uint8Array) => Message) => {
  const type = root.lookupType(`${PACKAGE}.${name}`);
  return (bytes) => asMessage<Message>(type.toObject(type.decode(bytes), { enums: String, longs: Number }));
};

/** The descriptor and the type come from the same release of the same package; nothing checks one against the other here. */
const asMessage = <Message extends object>(decoded: Message | { [field: string]: unknown }): Message =>
  decoded as Message;
