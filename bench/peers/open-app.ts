import { randomUUID } from 'node:crypto';
import { type App, deleteApp, initializeApp } from 'firebase-admin/app';
import { type Firestore, getFirestore } from 'firebase-admin/firestore';

export interface OpenApp {
  readonly app: App;
  readonly db: Firestore;
  close(): Promise<void>;
}

/** An app of the Admin SDK with a Firestore client of its own. */
export function openApp(projectId: string): OpenApp {
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
}
