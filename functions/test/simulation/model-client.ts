import { Firestore } from 'firebase-admin/firestore';
import { type Connection, type FirestoreModel, RELIABLE_CONNECTION } from 'kb-sessions-testing';

/** A client of a model, with a connection of its own: what an instance of a function has. */
export const modelClient = (model: FirestoreModel, connection: Connection = RELIABLE_CONNECTION): Firestore =>
  model.serve(new Firestore({ projectId: 'demo-model' }), connection);
