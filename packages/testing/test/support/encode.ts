import { createRequire } from 'node:module';
import protobuf from 'protobufjs';

const root = protobuf.Root.fromJSON(
  createRequire(import.meta.url)('@google-cloud/firestore/build/protos/v1.json'),
);

/** The bytes of a message of google.firestore.v1, its enums by name. */
export function encode(type: string, fields: object): Uint8Array {
  const message = root.lookupType(`google.firestore.v1.${type}`);
  return message.encode(message.fromObject(fields)).finish();
}
