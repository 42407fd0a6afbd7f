import { deleteApp, initializeApp } from 'firebase/app';
import { connectAuthEmulator, createUserWithEmailAndPassword, getAuth } from 'firebase/auth';
import { connectFirestoreEmulator, type Firestore, getFirestore, terminate } from 'firebase/firestore';
import { connectFunctionsEmulator, getFunctions } from 'firebase/functions';
import { createSessionsClient, type SessionsClient } from 'kb-sessions-client';
import type { Suite } from '../suite.ts';

/** Somebody who is signed in, with an app of its own as in a browser of its own. */
export interface Actor {
  readonly uid: string;
  readonly sessions: SessionsClient;
  /** Direct reads, as far as the security rules let this user. */
  readonly firestore: Firestore;
  leave(): Promise<void>;
}

type Claims = Readonly<Record<string, boolean>>;

/** Signs a new user up with the Firebase JS SDK and the Auth emulator of the suite. */
export async function enter(suite: Suite, name: string, claims: Claims = {}): Promise<Actor> {
  const app = initializeApp({ projectId: suite.projectId, apiKey: 'demo' }, `${name} ${crypto.randomUUID()}`);
  const auth = getAuth(app);
  connectAuthEmulator(auth, `http://${suite.auth}`, { disableWarnings: true });
  const email = `${name}.${crypto.randomUUID()}@example.com`;
  const { user } = await createUserWithEmailAndPassword(auth, email, crypto.randomUUID());
  await setClaims(suite, user.uid, claims);
  await user.getIdToken(true);

  const functions = getFunctions(app);
  connectFunctionsEmulator(functions, ...addressOf(suite.functions));
  const firestore = getFirestore(app);
  connectFirestoreEmulator(firestore, ...addressOf(suite.firestore));
  return {
    uid: user.uid,
    sessions: createSessionsClient(functions),
    firestore,
    leave: async () => {
      await terminate(firestore);
      await deleteApp(app);
    },
  };
}

function addressOf(address: string): [host: string, port: number] {
  const { hostname, port } = new URL(`http://${address}`);
  return [hostname, Number(port)];
}

/** What a back end does with the Admin SDK's `setCustomUserClaims`. */
async function setClaims(suite: Suite, uid: string, claims: Claims): Promise<void> {
  const url = `http://${suite.auth}/identitytoolkit.googleapis.com/v1/projects/${suite.projectId}/accounts:update`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
    body: JSON.stringify({ localId: uid, customAttributes: JSON.stringify(claims) }),
  });
  if (!response.ok) throw new Error(`the Auth emulator answered ${response.status} to the claims of a user`);
}
