import type { google } from '@google-cloud/firestore/build/protos/firestore_v1_proto_api.js';
import { status } from '@grpc/grpc-js';
import { decoder } from '../protos.ts';
import { type Bill, free } from './bill.ts';
import { type Charge, NO_CHARGE, written } from './charge.ts';

type Writes = readonly google.firestore.v1.IWrite[];

const commitRequest = decoder<google.firestore.v1.ICommitRequest>('CommitRequest');
const batchWriteRequest = decoder<google.firestore.v1.IBatchWriteRequest>('BatchWriteRequest');
const batchWriteResponse = decoder<google.firestore.v1.IBatchWriteResponse>('BatchWriteResponse');
const writeRequest = decoder<google.firestore.v1.IWriteRequest>('WriteRequest');

/** All writes or none: there is a response only to a commit that succeeded. */
export function commitBill(): Bill {
  return onAnswer((request) => commitRequest(request).writes ?? []);
}

/** The writes of a stream are answered one request at a time, in order; one that fails ends the stream. */
export function writeStreamBill(): Bill {
  return onAnswer((request) => writeRequest(request).writes ?? []);
}

/** Each write succeeds or fails on its own. */
export function batchWriteBill(): Bill {
  let writes: Writes = [];
  return {
    ...free,
    request(message) {
      writes = batchWriteRequest(message).writes ?? [];
      return NO_CHARGE;
    },
    response(message) {
      const results = batchWriteResponse(message).status ?? [];
      return written(writes.filter((_, index) => (results[index]?.code ?? status.OK) === status.OK));
    },
  };
}

export function writeDocumentBill(): Bill {
  return { ...free, response: (): Charge => ({ ...NO_CHARGE, writes: 1 }) };
}

export function deleteDocumentBill(): Bill {
  return { ...free, response: (): Charge => ({ ...NO_CHARGE, deletes: 1 }) };
}

function onAnswer(writesOf: (request: Uint8Array) => Writes): Bill {
  const unanswered: Writes[] = [];
  return {
    ...free,
    request(message) {
      unanswered.push(writesOf(message));
      return NO_CHARGE;
    },
    response: () => written(unanswered.shift() ?? []),
  };
}
