import { randomUUID } from 'node:crypto';
import { deleteApp, initializeApp } from 'firebase/app';
import { connectAuthEmulator, createUserWithEmailAndPassword, getAuth } from 'firebase/auth';
import {
  connectFirestoreEmulator,
  type Firestore,
  getFirestore,
  setLogLevel,
  terminate,
} from 'firebase/firestore';
import { connectFunctionsEmulator, type Functions, getFunctions } from 'firebase/functions';
import { CANARY } from '../canary.ts';
import { setClaims } from './set-claims.ts';

export type Backend = {
  /** The project that the emulators were started for. */
  projectId: string;
  /** Each `host:port`; `functions` is the Functions emulator or a host. */
  auth: string;
  firestore: string;
  functions: string;
};

/** A new user in an app of its own, as in a browser of its own, over the Firebase JS SDK. */
export type SignedUpUser = {
  uid: string;
  functions: Functions;
  /** Reads as far as the security rules let this user. */
  firestore: Firestore;
  close(): Promise<void>;
};

/** Signs a new user up with an e-mail address and gives it custom claims, as a back end does with the Admin SDK. */
export const signUp = async (
  { projectId, ...addresses }: Backend,
  claims: Record<string, unknown> = {},
): Promise<SignedUpUser> => {
  const app = initializeApp({ projectId, apiKey: 'any' }, randomUUID());
  const auth = getAuth(app);
  connectAuthEmulator(auth, `http://${addresses.auth}`, { disableWarnings: true });
  const { user } = await createUserWithEmailAndPassword(
    auth,
    `${CANARY}-${randomUUID()}@example.com`,
    randomUUID(),
  );
  await setClaims({ auth: addresses.auth, projectId, uid: user.uid, claims });
  // A token holds what was known when it was issued.
  await user.getIdToken(true);
  const functions = getFunctions(app);
  connectFunctionsEmulator(functions, ...hostAndPort(addresses.functions));
  // It prints what its calls reject with anyway.
  setLogLevel('silent');
  const firestore = getFirestore(app);
  connectFirestoreEmulator(firestore, ...hostAndPort(addresses.firestore));
  return {
    uid: user.uid,
    functions,
    firestore,
    close: async () => {
      await terminate(firestore);
      await deleteApp(app);
    },
  };
};

const hostAndPort = (address: string): [host: string, port: number] => {
  const { hostname, port } = new URL(`http://${address}`);
  return [hostname, Number(port)];
};
