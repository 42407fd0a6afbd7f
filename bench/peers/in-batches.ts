import type { Firestore, WriteBatch } from 'firebase-admin/firestore';

const BATCH = 400;

/** Writes something for each item, many to a commit, one commit after another. */
export async function inBatches<Item>(
  db: Firestore,
  items: readonly Item[],
  write: (batch: WriteBatch, item: Item, index: number) => void,
): Promise<void> {
  for (let from = 0; from < items.length; from += BATCH) {
    const batch = db.batch();
    for (const [index, item] of items.slice(from, from + BATCH).entries()) write(batch, item, from + index);
    await batch.commit();
  }
}
