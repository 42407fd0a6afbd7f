import { randomUUID } from 'node:crypto';
import { type App, deleteApp, initializeApp } from 'firebase-admin/app';
import { type Firestore, getFirestore, type WriteBatch } from 'firebase-admin/firestore';

type FirestoreApp = {
  app: App;
  db: Firestore;
  close(): Promise<void>;
};

/** Opens an app of the Admin SDK with a Firestore client of its own. */
export const openApp = (projectId: string): FirestoreApp => {
  const app = initializeApp({ projectId }, randomUUID());
  const db = getFirestore(app);
  return {
    app,
    db,
    async close() {
      await db.terminate();
      await deleteApp(app);
    },
  };
};

const BATCH_SIZE = 400;

/** Writes all items in batches, one commit after another. */
export const writeInBatches = async <Item>(
  db: Firestore,
  items: readonly Item[],
  write: (batch: WriteBatch, item: Item, index: number) => void,
): Promise<void> => {
  for (let from = 0; from < items.length; from += BATCH_SIZE) {
    const batch = db.batch();
    for (const [index, item] of items.slice(from, from + BATCH_SIZE).entries())
      write(batch, item, from + index);
    await batch.commit();
  }
};
