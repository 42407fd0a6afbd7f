import type { Suite } from '../emulators/suite.ts';

/** The environment variables by which tests find the suite. */
export const testEnvironment = (
  suite: Pick<Suite, 'projectId' | 'auth' | 'firestore' | 'functions' | 'hosting'>,
): Record<string, string> => ({
  FIRESTORE_EMULATOR_HOST: suite.firestore,
  FIREBASE_AUTH_EMULATOR_HOST: suite.auth,
  KB_SUITE_PROJECT: suite.projectId,
  KB_SUITE_FUNCTIONS: suite.functions,
  KB_SUITE_HOSTING: suite.hosting,
  METADATA_SERVER_DETECTION: 'none',
});
