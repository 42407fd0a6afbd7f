import type { Firestore } from 'firebase/firestore';
import { createSessionsClient, type SessionsClient } from 'kb-sessions-client';
import { type Backend, signUp } from 'kb-sessions-testing';

/** A signed-in user of the demo, with the client of the sessions and of Firestore. */
export type Participant = {
  uid: string;
  sessions: SessionsClient;
  firestore: Firestore;
  close(): Promise<void>;
};

/** Creates a user with these claims, and signs them in. */
export const createParticipant = async (
  backend: Backend,
  claims: Readonly<Record<string, boolean>> = {},
): Promise<Participant> => {
  const { functions, ...user } = await signUp(backend, claims);
  return { ...user, sessions: createSessionsClient(functions) };
};
