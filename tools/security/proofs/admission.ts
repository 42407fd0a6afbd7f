import type { Proof } from '../proof.ts';

const callables = 'functions/src/callables';
const every = 'functions/test/integration/every-callable.host.test.ts';
const inProcess = 'functions/test/callables/handle-call.test.ts';
const http = 'functions/test/integration/http.host.test.ts';

/** Who is let in at all, how often, and from where. */
export const doorProofs: readonly Proof[] = [
  {
    item: 'S04',
    file: `${callables}/caller-of.ts`,
    find: "if (!auth) throw new SessionError('unauthenticated', 'sign in first');",
    replace:
      "if (!auth) return { user_id: 'anybody', trusted: false, admin: false, email: null, name: null };",
    test: { file: every, title: 'is unauthenticated without a sign-in, or with a bad token, at no cost' },
  },
  {
    item: 'S04',
    file: 'functions/src/index.ts',
    find: '  listSessions,\n',
    replace: '  listSessions,\n  listSessions as listEverything,\n',
    test: {
      file: every,
      title: 'that is exported is tried below, and every call of the contract is exported in some way',
    },
  },
  {
    item: 'S14',
    file: 'functions/src/access/verify-token.ts',
    find: "  'auth/user-disabled',\n",
    replace: '',
    test: {
      file: 'functions/test/access/verify-token.emulator.test.ts',
      title: 'refuses the token of a user who was disabled',
    },
  },
  {
    item: 'S14',
    file: `${callables}/handle-call.ts`,
    find: "if (call.sensitive) await serving.standing(auth?.rawToken ?? '');",
    replace: '',
    test: {
      file: inProcess,
      title: 'asks Firebase Auth about the token of each sensitive call, and goes no further when that fails',
    },
  },
  {
    item: 'S17',
    file: `${callables}/handle-call.ts`,
    find: "if (call.for === 'admin' && !caller.admin) throw new SessionError('permission-denied', 'admins only');",
    replace: '',
    test: { file: every, title: 'is for the claim admin alone that is exactly true' },
  },
  {
    item: 'S18',
    file: 'functions/src/access/verify-token.ts',
    find: 'auth.verifyIdToken(idToken, true)',
    replace: 'auth.verifyIdToken(idToken)',
    test: {
      file: 'functions/test/integration/sensitive-calls.host.test.ts',
      title:
        'are refused to a user whose tokens were revoked, while what is left of the hour serves the others',
    },
  },
  {
    item: 'S19',
    file: `${callables}/options.ts`,
    find: 'enforceAppCheck: params.enforceAppCheck.param,',
    replace: '',
    test: {
      file: 'functions/test/integration/app-check.host.test.ts',
      title: 'refuses every call without an App Check token and with a bad one, signed in or not',
    },
  },
  {
    item: 'S20',
    file: `${callables}/admit.ts`,
    find: "if (app?.alreadyConsumed) throw new SessionError('unauthenticated', 'App Check token has been used before');",
    replace: '',
    test: { file: inProcess, title: 'refuses an App Check token that counts once and has been used' },
  },
  {
    item: 'S20',
    file: `${callables}/options.ts`,
    find: '{ ...callableOptions, consumeAppCheckToken: params.enforceAppCheck.param }',
    replace: 'callableOptions',
    test: {
      file: 'functions/test/integration/sensitive-calls.host.test.ts',
      title: 'take an App Check token once, and the others as often as it is good',
    },
  },
  {
    item: 'S21',
    file: `${callables}/options.ts`,
    find: "cors: origins.includes('*') ? '*' : origins,",
    replace: 'cors: true,',
    test: { file: http, title: 'lets pages of CORS_ORIGINS call, and reflects no other origin' },
  },
  {
    item: 'S36',
    file: `${callables}/admit.ts`,
    find: 'addressOf(rawRequest, trustedProxies)',
    replace: 'String(rawRequest.headers["x-forwarded-for"])',
    test: {
      file: inProcess,
      title:
        'refuses an address that has had its calls, signed in or not, whatever it says it was forwarded for',
    },
  },
  {
    item: 'S36',
    file: `${callables}/admit.ts`,
    find: 'if (!isAgent) await rates.user(caller.user_id);',
    replace: '',
    test: {
      file: inProcess,
      title: 'refuses a user who has had its calls, with when to try again, and nobody else',
    },
  },
  {
    item: 'S36',
    file: 'functions/src/access/rate-limiter.ts',
    find: 'insuranceLimiter: own,',
    replace: '',
    test: {
      file: 'functions/test/access/rate-limiter.test.ts',
      title: 'goes on counting in memory while Redis is away, and asks it again once a second at most',
    },
  },
  {
    item: 'S38',
    file: 'functions/src/access/rate-limiter.ts',
    find: "throw new SessionError('unavailable', 'calls cannot be counted, try again', {}, error);",
    replace: '',
    test: {
      file: 'functions/test/access/rate-limiter.test.ts',
      title: 'refuses where calls cannot be counted',
    },
  },
  {
    item: 'S38',
    file: 'functions/src/access/verify-token.ts',
    find: "throw new SessionError('unavailable', 'the sign-in cannot be checked, try again', {}, error);",
    replace: '',
    test: {
      file: 'functions/test/access/verify-token.emulator.test.ts',
      title: 'is unavailable when nobody is there, and when the token is none',
    },
  },
  {
    item: 'S40',
    file: 'firestore.rules',
    find: 'match /kb_messages/{message} {\n      allow get, list: if owns(resource.data);',
    replace: 'match /kb_messages/{message} {\n      allow get, list: if request.auth != null;',
    test: { file: 'tools/test/rules/rules.emulator.test.ts', title: "get the owner's" },
  },
  {
    item: 'S40',
    file: 'firestore.rules',
    find: 'if request.auth.token.admin == true',
    replace: 'if request.auth.token.admin != null',
    test: { file: 'tools/test/rules/rules.emulator.test.ts', title: 'list all' },
  },
];
