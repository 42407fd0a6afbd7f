import type { google } from '@google-cloud/firestore/build/protos/firestore_v1_proto_api.js';
import { createDecoder } from '../protos.ts';
import { type Bill, FREE_BILL } from './bill.ts';
import { type Charge, NO_CHARGE, readCharge } from './charge.ts';

const listenRequest = createDecoder<google.firestore.v1.IListenRequest>('ListenRequest');
const listenResponse = createDecoder<google.firestore.v1.IListenResponse>('ListenResponse');

/**
 * The bill of a listener: one read for each document that enters its results, changes in them, or leaves them by a change;
 * none for a deleted document; at least one read, as for a query without results.
 */
export const listenBill = (): Bill => {
  const uncharged = new Set<number>();
  const charge = (targets: readonly number[]): Charge => {
    for (const target of targets) uncharged.delete(target);
    return readCharge(targets.length);
  };
  return {
    ...FREE_BILL,
    request(message) {
      const target = listenRequest(message).addTarget?.targetId;
      if (typeof target === 'number') uncharged.add(target);
      return NO_CHARGE;
    },
    response(message) {
      const { documentChange, documentRemove, targetChange } = listenResponse(message);
      if (documentChange) {
        return charge([...(documentChange.targetIds ?? []), ...(documentChange.removedTargetIds ?? [])]);
      }
      if (documentRemove) return charge(documentRemove.removedTargetIds ?? []);
      if (targetChange?.targetChangeType === 'CURRENT') {
        const current = targetChange.targetIds?.length ? targetChange.targetIds : [...uncharged];
        return charge(current.filter((target) => uncharged.has(target)));
      }
      return NO_CHARGE;
    },
  };
};
