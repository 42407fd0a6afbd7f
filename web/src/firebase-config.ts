import type { FirebaseOptions } from 'firebase/app';

/** The addresses of the emulators, as `host:port`. */
export type Emulators = { auth: string; firestore: string; functions: string };

/** The configuration that Firebase Hosting serves. */
export type FirebaseConfig = { options: FirebaseOptions; emulators: Emulators | null };

/**
 * Reads the configuration of the project from the reserved URLs of Hosting, so that one build serves every project. On a
 * local host it also reads the addresses of the emulators: the Hosting emulator serves them, with their actual ports, in
 * `init.js?useEmulator=true` only.
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

/** Returns the emulators that the script for the compat SDK connects to, or null. */
export const emulatorsIn = (script: string): Emulators | null => {
  const json = /var firebaseEmulators = (\{.*?\n\});/s.exec(script)?.[1];
  if (json === undefined) return null;
  const addresses: Partial<Record<keyof Emulators, { hostAndPort: string }>> = JSON.parse(json);
  const { auth, firestore, functions } = addresses;
  if (!auth || !firestore || !functions) return null;
  return { auth: auth.hostAndPort, firestore: firestore.hostAndPort, functions: functions.hostAndPort };
};
