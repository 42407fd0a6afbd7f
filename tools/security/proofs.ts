import type { Proof } from './proof.ts';

const ACCESS = 'functions/src/access';
const CALLABLES = 'functions/src/callables';
const INTEGRATION = 'functions/test/integration';
const RULES_TEST = 'tools/test/rules/rules.emulator.test.ts';
const LOG_TEST = `${INTEGRATION}/log.host.test.ts`;

/**
 * Protections that only the running functions, the emulators or a configuration file can show. All others are in the
 * sources that `npm run mutate` breaks, and unit tests hold them.
 */
export const proofs: readonly Proof[] = [
  {
    item: 'S04',
    file: `${ACCESS}/caller-from-token.ts`,
    find: "if (!auth) throw new SessionError('unauthenticated', 'sign in first');",
    replace:
      "if (!auth) return { user_id: 'anybody', trusted: false, admin: false, email: null, name: null };",
    test: {
      file: `${INTEGRATION}/every-callable.host.test.ts`,
      title: 'is unauthenticated without a sign-in or with a bad token, at no cost',
    },
  },
  {
    item: 'S17',
    file: `${CALLABLES}/handle-call.ts`,
    find: "if (handler.access === 'admin' && !caller.admin) throw new SessionError('permission-denied', 'admins only');",
    replace: '',
    test: {
      file: `${INTEGRATION}/every-callable.host.test.ts`,
      title: 'requires the claim admin with the value true',
    },
  },
  {
    item: 'S18',
    file: `${ACCESS}/verify-token.ts`,
    find: 'auth.verifyIdToken(idToken, true)',
    replace: 'auth.verifyIdToken(idToken)',
    test: {
      file: `${INTEGRATION}/sensitive-calls.host.test.ts`,
      title: 'are refused to a user whose tokens were revoked, unlike all other calls',
    },
  },
  {
    item: 'S19',
    file: `${CALLABLES}/callable-options.ts`,
    find: 'enforceAppCheck: params.enforceAppCheck.param,',
    replace: '',
    test: {
      file: `${INTEGRATION}/app-check.host.test.ts`,
      title: 'refuses every call with a missing or invalid App Check token, signed in or not',
    },
  },
  {
    item: 'S20',
    file: `${CALLABLES}/callable-options.ts`,
    find: '{ ...sharedOptions, consumeAppCheckToken: params.enforceAppCheck.param }',
    replace: 'sharedOptions',
    test: {
      file: `${INTEGRATION}/sensitive-calls.host.test.ts`,
      title: 'accept an App Check token once, unlike all other calls',
    },
  },
  {
    item: 'S21',
    file: `${CALLABLES}/callable-options.ts`,
    find: "cors: origins.includes('*') ? '*' : origins,",
    replace: 'cors: true,',
    test: {
      file: `${INTEGRATION}/http.host.test.ts`,
      title: 'allow the pages of CORS_ORIGINS, and no other origin',
    },
  },
  {
    item: 'S33',
    file: 'functions/src/services.ts',
    find: 'hashId: createIdHasher(config.logSalt)',
    replace: 'hashId: (id) => id',
    test: { file: LOG_TEST, title: 'names who was refused which call, for a filter' },
  },
  {
    item: 'S33',
    file: 'functions/src/logging/redact-body-errors.ts',
    find: 'if (error === undefined) printError(...values);',
    replace: 'if (values.length > 0) printError(...values);',
    test: {
      file: 'functions/test/hostile/hostile.host.test.ts',
      title: 'refuse unreadable requests',
    },
  },
  {
    item: 'S34',
    file: `${CALLABLES}/group-endpoint.ts`,
    find: "const isServed = isCallName(name) && handlers[name].deployment !== 'single';",
    replace: "const isServed = isCallName(name); console.log('call of', decodeURIComponent(name));",
    test: { file: LOG_TEST, title: 'has one line of JSON for each call, for every input' },
  },
  {
    item: 'S35',
    file: `${CALLABLES}/call-log-entry.ts`,
    find: "['unauthenticated', 'permission-denied', 'not-found']",
    replace: '[]',
    test: { file: LOG_TEST, title: 'names who was refused which call, for a filter' },
  },
  {
    item: 'S40',
    file: 'firestore.rules',
    find: 'match /kb_messages/{message} {\n      allow get, list: if owns(resource.data);',
    replace: 'match /kb_messages/{message} {\n      allow get, list: if request.auth != null;',
    test: { file: RULES_TEST, title: "get the owner's" },
  },
  {
    item: 'S40',
    file: 'firestore.rules',
    find: 'if request.auth.token.admin == true',
    replace: 'if request.auth.token.admin != null',
    test: { file: RULES_TEST, title: 'list all' },
  },
  {
    item: 'S44',
    file: 'firestore.indexes.json',
    find: '"kb_messages",\n      "fieldPath": "purge_at",\n      "ttl": true,',
    replace: '"kb_messages",\n      "fieldPath": "purge_at",',
    test: {
      file: 'functions/test/deployment.test.ts',
      title: 'makes Firestore delete documents after their purge_at',
    },
  },
];
