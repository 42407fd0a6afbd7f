import { type FirebaseApp, initializeApp } from 'firebase/app';
import { type Auth, connectAuthEmulator, getAuth, initializeAuth, inMemoryPersistence } from 'firebase/auth';
import { connectFirestoreEmulator, type Firestore, getFirestore } from 'firebase/firestore';
import { connectFunctionsEmulator, type Functions, getFunctions } from 'firebase/functions';
import type { Emulators, FirebaseConfig } from './firebase-config.ts';

/** Connects the page. The user stays signed in across visits. */
export const connectFirebase = ({
  options,
  emulators,
}: FirebaseConfig): Connection & { firestore: Firestore } => {
  const app = initializeApp(options);
  const firestore = getFirestore(app);
  if (emulators) {
    const { hostname, port } = addressOf(emulators.firestore);
    connectFirestoreEmulator(firestore, hostname, port);
  }
  return { ...connect(app, getAuth(app), emulators), firestore };
};

/** Connects a second user, whose sign-in ends with the page. */
export const connectSecondUser = (name: string, { options, emulators }: FirebaseConfig): Connection => {
  const app = initializeApp(options, name);
  return connect(app, initializeAuth(app, { persistence: inMemoryPersistence }), emulators);
};

export type Connection = { auth: Auth; functions: Functions };

const connect = (app: FirebaseApp, auth: Auth, emulators: Emulators | null): Connection => {
  const functions = getFunctions(app);
  if (emulators) {
    const { hostname, port } = addressOf(emulators.functions);
    connectFunctionsEmulator(functions, hostname, port);
    connectAuthEmulator(auth, `http://${emulators.auth}`, { disableWarnings: true });
  }
  return { auth, functions };
};

const addressOf = (hostAndPort: string): { hostname: string; port: number } => {
  const { hostname, port } = new URL(`http://${hostAndPort}`);
  return { hostname, port: Number(port) };
};
