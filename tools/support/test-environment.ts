import type { Suite } from '../emulators/suite.ts';

/** What tests are told of the suite that runs for them. */
export function testEnvironment(
  suite: Pick<Suite, 'projectId' | 'auth' | 'firestore' | 'functions' | 'hosting'>,
): Record<string, string> {
  return {
    FIRESTORE_EMULATOR_HOST: suite.firestore,
    FIREBASE_AUTH_EMULATOR_HOST: suite.auth,
    KB_SUITE_PROJECT: suite.projectId,
    KB_SUITE_FUNCTIONS: suite.functions,
    KB_SUITE_HOSTING: suite.hosting,
    METADATA_SERVER_DETECTION: 'none',
  };
}
