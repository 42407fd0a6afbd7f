import { type Bill, FREE_BILL } from './bill.ts';
import { listenBill } from './listen-bill.ts';
import { aggregationBill, batchGetBill, getBill, listBill, perRequestBill, queryBill } from './read-bills.ts';
import {
  batchWriteBill,
  commitBill,
  deleteDocumentBill,
  writeDocumentBill,
  writeStreamBill,
} from './write-bills.ts';

const bills: Record<string, () => Bill> = {
  GetDocument: getBill,
  BatchGetDocuments: batchGetBill,
  ListDocuments: listBill,
  ListCollectionIds: perRequestBill,
  PartitionQuery: perRequestBill,
  RunQuery: queryBill,
  RunAggregationQuery: aggregationBill,
  Listen: listenBill,
  Commit: commitBill,
  BatchWrite: batchWriteBill,
  Write: writeStreamBill,
  CreateDocument: writeDocumentBill,
  UpdateDocument: writeDocumentBill,
  DeleteDocument: deleteDocumentBill,
};

/**
 * Creates the bill of one RPC, by the prices of production (https://firebase.google.com/docs/firestore/pricing): a lookup
 * costs one read, also of a missing document; a query costs one read per result and at least one; an aggregation costs one
 * read per 1,000 index entries; failed writes cost nothing. RPCs that are not listed cost nothing.
 */
export const estimateBill = (method: string): Bill => bills[method]?.() ?? FREE_BILL;
