import type { Backend } from 'kb-sessions-testing';
import { environment } from './environment.ts';

/** The emulator suite that the runner started. */
export const suite = (): Backend => ({
  projectId: environment('KB_SUITE_PROJECT'),
  auth: environment('FIREBASE_AUTH_EMULATOR_HOST'),
  firestore: environment('FIRESTORE_EMULATOR_HOST'),
  functions: environment('KB_SUITE_FUNCTIONS'),
});
