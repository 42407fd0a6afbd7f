import type { google } from '@google-cloud/firestore/build/protos/firestore_v1_proto_api.js';
import { status } from '@grpc/grpc-js';
import { createDecoder } from '../protos.ts';
import { type Bill, FREE_BILL } from './bill.ts';
import { NO_CHARGE, readCharge } from './charge.ts';

const INDEX_ENTRIES_PER_READ = 1000;

const batchGetResponse =
  createDecoder<google.firestore.v1.IBatchGetDocumentsResponse>('BatchGetDocumentsResponse');
const listResponse = createDecoder<google.firestore.v1.IListDocumentsResponse>('ListDocumentsResponse');
const queryRequest = createDecoder<google.firestore.v1.IRunQueryRequest>('RunQueryRequest');
const queryResponse = createDecoder<google.firestore.v1.IRunQueryResponse>('RunQueryResponse');
const aggregationRequest = createDecoder<google.firestore.v1.IRunAggregationQueryRequest>(
  'RunAggregationQueryRequest',
);
const aggregationResponse = createDecoder<google.firestore.v1.IRunAggregationQueryResponse>(
  'RunAggregationQueryResponse',
);

export const getBill = (): Bill => ({
  ...FREE_BILL,
  end: (code) => (code === status.OK || code === status.NOT_FOUND ? readCharge(1) : NO_CHARGE),
});

export const batchGetBill = (): Bill => ({
  ...FREE_BILL,
  response(message) {
    const { found, missing } = batchGetResponse(message);
    return found || missing ? readCharge(1) : NO_CHARGE;
  },
});

export const listBill = (): Bill => ({
  ...FREE_BILL,
  response: (message) => readCharge(Math.max(1, listResponse(message).documents?.length ?? 0)),
});

/** A request for names instead of documents costs one read, whatever the number of names. */
export const perRequestBill = (): Bill => ({ ...FREE_BILL, response: () => readCharge(1) });

/**
 * One read per result, at least one. Skipped documents of an offset are read too. The emulator does not report their
 * number, but if there is a result, the whole offset was read.
 */
export const queryBill = (): Bill => {
  let offset = 0;
  let results = 0;
  let charged = 0;
  return {
    ...FREE_BILL,
    request(message) {
      offset = queryRequest(message).structuredQuery?.offset ?? 0;
      return NO_CHARGE;
    },
    response(message) {
      if (queryResponse(message).document) results += results === 0 ? 1 + offset : 1;
      const due = Math.max(1, results) - charged;
      charged += due;
      return readCharge(due);
    },
  };
};

/**
 * The emulator does not report the number of index entries that it read, but a count is that number. A sum or an average
 * without a count is charged its minimum of one read.
 */
export const aggregationBill = (): Bill => {
  let countAlias: string | undefined;
  return {
    ...FREE_BILL,
    request(message) {
      const { aggregations } = aggregationRequest(message).structuredAggregationQuery ?? {};
      countAlias = aggregations?.find((aggregation) => aggregation.count)?.alias ?? undefined;
      return NO_CHARGE;
    },
    response(message) {
      const { result } = aggregationResponse(message);
      if (!result) return NO_CHARGE;
      const counted = countAlias === undefined ? undefined : result.aggregateFields?.[countAlias];
      return readCharge(Math.max(1, Math.ceil(Number(counted?.integerValue ?? 0) / INDEX_ENTRIES_PER_READ)));
    },
  };
};
