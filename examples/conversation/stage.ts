import type { Firestore } from 'firebase/firestore';
import { createSessionsClient, type SessionsClient } from 'kb-sessions-client';
import { type Backend, signUp } from 'kb-sessions-testing';

/** Somebody who takes part in the demo. */
export interface Actor {
  readonly uid: string;
  readonly sessions: SessionsClient;
  readonly firestore: Firestore;
  close(): Promise<void>;
}

export async function enter(
  backend: Backend,
  claims: Readonly<Record<string, boolean>> = {},
): Promise<Actor> {
  const { functions, ...user } = await signUp(backend, claims);
  return { ...user, sessions: createSessionsClient(functions) };
}
