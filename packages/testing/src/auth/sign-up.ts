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
import { type AuthEmulator, setClaims } from './test-users.ts';

/** The emulators of a project. Each address is `host:port`. */
export type Backend = AuthEmulator & {
  firestore: string;
  /** The Functions emulator or a host. */
  functions: string;
};

/** A new user in a Firebase app of its own, as in a browser of its own. */
export type SignedUpUser = {
  uid: string;
  functions: Functions;
  /** Reads what the security rules allow this user. */
  firestore: Firestore;
  /** Ends the listeners and deletes the app. */
  close(): Promise<void>;
};

/**
 * Signs up a new user with an e-mail address, over the Firebase JS SDK, and sets its custom claims.
 * @param claims as in `{ agent: true }`
 */
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
  await setClaims({ auth: addresses.auth, projectId }, user.uid, claims);
  // A token holds what was known when it was issued.
  await user.getIdToken(true);
  const functions = getFunctions(app);
  connectFunctionsEmulator(functions, ...hostAndPort(addresses.functions));
  // The SDK would also log the errors that its calls reject with.
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
