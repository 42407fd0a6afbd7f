import type { google } from '@google-cloud/firestore/build/protos/firestore_v1_proto_api.js';
import { decoder } from '../protos.ts';
import { type Bill, free } from './bill.ts';
import { type Charge, NO_CHARGE, reads } from './charge.ts';

const listenRequest = decoder<google.firestore.v1.IListenRequest>('ListenRequest');
const listenResponse = decoder<google.firestore.v1.IListenResponse>('ListenResponse');

/**
 * A listener pays a read for each document that enters its results, changes in them, or leaves them by a change, none
 * for one that is deleted; and at least one, so that listening to nothing costs what asking once does.
 */
export function listenBill(): Bill {
  const uncharged = new Set<number>();
  const charge = (targets: readonly number[]): Charge => {
    for (const target of targets) uncharged.delete(target);
    return reads(targets.length);
  };
  return {
    ...free,
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
}
