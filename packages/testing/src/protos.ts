import { createRequire } from 'node:module';
import type { google } from '@google-cloud/firestore/build/protos/firestore_v1_proto_api.js';
import protobuf from 'protobufjs';

/**
 * The messages of google.firestore.v1, from the descriptor with which the client library encodes at run time, so that
 * everything it sends can be decoded. The library's message classes cannot be used: they are generated without `decode`.
 */
const descriptor: protobuf.INamespace = createRequire(import.meta.url)(
  '@google-cloud/firestore/build/protos/v1.json',
);
const root = protobuf.Root.fromJSON(descriptor);
const PACKAGE = 'google.firestore.v1';

const { methods } = root.lookupService(`${PACKAGE}.Firestore`);

/** The name of an RPC of the Firestore service, as in `BatchGetDocuments`. */
export type FirestoreMethod = Capitalize<
  Exclude<keyof google.firestore.v1.Firestore, keyof protobuf.rpc.Service>
>;

export const firestoreMethods: readonly string[] = Object.keys(methods);

export const isFirestoreMethod = (name: unknown): name is FirestoreMethod =>
  typeof name === 'string' && firestoreMethods.includes(name);

/** Whether the requests of the RPC are a stream, which the client may keep open. */
export const isStreaming = (method: string): boolean => methods[method]?.requestStream === true;

export const methodPath = (method: string): string => `/${PACKAGE}.Firestore/${method}`;

/**
 * Creates a decoder of a message type. It returns plain objects: enums are names, 64-bit integers are numbers, and absent
 * fields are absent.
 * @param name the type, as in `CommitRequest`
 */
export const createDecoder = <Message extends object>(name: string): ((bytes: Uint8Array) => Message) => {
  const type = root.lookupType(`${PACKAGE}.${name}`);
  return (bytes) => asMessage<Message>(type.toObject(type.decode(bytes), { enums: String, longs: Number }));
};

/** The descriptor and the type come from the same release of one package. Nothing compares them here. */
const asMessage = <Message extends object>(decoded: Message | { [field: string]: unknown }): Message =>
  decoded as Message;
