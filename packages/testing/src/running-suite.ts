import type { Backend } from './auth/sign-up.ts';

/** What the runner of the tests says in the environment of the suite that it started. */
export const runningSuite = (): Backend => ({
  projectId: variable('KB_SUITE_PROJECT'),
  auth: variable('FIREBASE_AUTH_EMULATOR_HOST'),
  firestore: variable('FIRESTORE_EMULATOR_HOST'),
  functions: variable('KB_SUITE_FUNCTIONS'),
});

const variable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run this through npm test`);
  return value;
};
