import type { FirebaseOptions } from 'firebase/app';

/** Where the emulators listen, as `host:port`. */
export type Emulators = { auth: string; firestore: string; functions: string };

/** What Firebase Hosting knows of the project it serves. */
export type FirebaseConfig = { options: FirebaseOptions; emulators: Emulators | null };

/**
 * Reads the project's configuration from Hosting's reserved URLs, so that one build serves every project. Emulators
 * are only looked for on this machine: the Hosting emulator names them, with the ports it really got, in
 * `init.js?useEmulator=true` and nowhere else.
 */
export const readFirebaseConfig = async (): Promise<FirebaseConfig> => {
  const options: FirebaseOptions = await (await get('/__/firebase/init.json')).json();
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
  const script = local ? await (await get('/__/firebase/init.js?useEmulator=true')).text() : '';
  return { options, emulators: emulatorsIn(script) };
};

const get = async (url: string): Promise<Response> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
};

/** The emulators that the script for the compat SDK would connect to, or null. */
export const emulatorsIn = (script: string): Emulators | null => {
  const json = /var firebaseEmulators = (\{.*?\n\});/s.exec(script)?.[1];
  if (json === undefined) return null;
  const named: Partial<Record<keyof Emulators, { hostAndPort: string }>> = JSON.parse(json);
  const { auth, firestore, functions } = named;
  if (!auth || !firestore || !functions) return null;
  return { auth: auth.hostAndPort, firestore: firestore.hostAndPort, functions: functions.hostAndPort };
};
