/** What production refuses to one user, or gives up on, is not asked here. */
export const PARAMS = {
  MESSAGES_PER_SESSION: '1000000',
  USER_CALLS_PER_MINUTE: '1000000',
  ADDRESS_CALLS_PER_MINUTE: '1000000',
  RPC_DEADLINE_MS: '30000',
  // Nobody adds an X-Forwarded-For here.
  TRUSTED_PROXIES: '0',
  // The trigger of the suite, which counts messages, listens to the default database.
  DATABASE_ID: 'bench',
};

/**
 * The framework then takes ID tokens as they come. Production checks a signature; for want of one it asks the Auth
 * emulator over HTTP, each time, which would drown what is to be measured.
 */
export const UNCHECKED_TOKENS = {
  FIREBASE_DEBUG_MODE: 'true',
  FIREBASE_DEBUG_FEATURES: '{"skipTokenVerification":true}',
};
