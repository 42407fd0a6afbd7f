import type { google } from '@google-cloud/firestore/build/protos/firestore_v1_proto_api.js';

/** The operations that production bills: documents read, written and deleted. */
export type Charge = {
  reads: number;
  writes: number;
  deletes: number;
};

export const NO_CHARGE: Charge = { reads: 0, writes: 0, deletes: 0 };

/** The charge of a number of document reads. */
export const readCharge = (count: number): Charge => ({ ...NO_CHARGE, reads: count });

/** The charge of successful writes. A write without a change and a deletion of a missing document count too. */
export const writeCharge = (writes: readonly google.firestore.v1.IWrite[]): Charge => {
  const deletes = writes.filter((write) => write.delete !== undefined).length;
  return { reads: 0, writes: writes.length - deletes, deletes };
};

/** The sum of two charges. */
export const addCharges = (a: Charge, b: Charge): Charge => ({
  reads: a.reads + b.reads,
  writes: a.writes + b.writes,
  deletes: a.deletes + b.deletes,
});
