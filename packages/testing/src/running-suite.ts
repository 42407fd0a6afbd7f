import type { Backend } from './auth/sign-up.ts';

/** Returns the emulators of the running test suite, from the environment. @throws Error outside of a suite */
export const runningSuite = (): Backend => ({
  projectId: readVariable('KB_SUITE_PROJECT'),
  auth: readVariable('FIREBASE_AUTH_EMULATOR_HOST'),
  firestore: readVariable('FIRESTORE_EMULATOR_HOST'),
  functions: readVariable('KB_SUITE_FUNCTIONS'),
});

const readVariable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run this through npm test`);
  return value;
};
