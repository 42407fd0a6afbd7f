import type { google } from '@google-cloud/firestore/build/protos/firestore_v1_proto_api.js';
import { status } from '@grpc/grpc-js';
import { createDecoder } from '../protos.ts';
import { type Bill, FREE_BILL } from './bill.ts';
import { type Charge, NO_CHARGE, writeCharge } from './charge.ts';

type Writes = readonly google.firestore.v1.IWrite[];

const commitRequest = createDecoder<google.firestore.v1.ICommitRequest>('CommitRequest');
const batchWriteRequest = createDecoder<google.firestore.v1.IBatchWriteRequest>('BatchWriteRequest');
const batchWriteResponse = createDecoder<google.firestore.v1.IBatchWriteResponse>('BatchWriteResponse');
const writeRequest = createDecoder<google.firestore.v1.IWriteRequest>('WriteRequest');

/** A commit applies all writes or none, and has a response only if it succeeds. */
export const commitBill = (): Bill => allOrNothingBill((request) => commitRequest(request).writes ?? []);

/** A stream of writes has one response per request, in order. A failed request ends the stream. */
export const writeStreamBill = (): Bill => allOrNothingBill((request) => writeRequest(request).writes ?? []);

/** Each write of a batch succeeds or fails on its own. */
export const batchWriteBill = (): Bill => {
  let writes: Writes = [];
  return {
    ...FREE_BILL,
    request(message) {
      writes = batchWriteRequest(message).writes ?? [];
      return NO_CHARGE;
    },
    response(message) {
      const results = batchWriteResponse(message).status ?? [];
      return writeCharge(writes.filter((_, index) => (results[index]?.code ?? status.OK) === status.OK));
    },
  };
};

export const writeDocumentBill = (): Bill => ({
  ...FREE_BILL,
  response: (): Charge => ({ ...NO_CHARGE, writes: 1 }),
});

export const deleteDocumentBill = (): Bill => ({
  ...FREE_BILL,
  response: (): Charge => ({ ...NO_CHARGE, deletes: 1 }),
});

const allOrNothingBill = (writesOf: (request: Uint8Array) => Writes): Bill => {
  const unanswered: Writes[] = [];
  return {
    ...FREE_BILL,
    request(message) {
      unanswered.push(writesOf(message));
      return NO_CHARGE;
    },
    response: () => writeCharge(unanswered.shift() ?? []),
  };
};
