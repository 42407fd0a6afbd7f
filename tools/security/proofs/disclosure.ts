import type { Proof } from '../proof.ts';

const callables = 'functions/src/callables';
const log = 'functions/test/integration/log.host.test.ts';
const failing = 'functions/test/security/driver-errors.test.ts';

/** What answers and logs tell. */
export const tellingProofs: readonly Proof[] = [
  {
    item: 'S31',
    file: `${callables}/parse-payload.ts`,
    find: 'if (parsed.success) return parsed.data;',
    replace: 'if (data !== null) return data as never;',
    test: {
      file: 'functions/test/integration/bad-input.host.test.ts',
      title: 'addMessage: an array as content',
    },
  },
  {
    item: 'S32',
    file: `${callables}/handle-call.ts`,
    find: "throw new HttpsError('internal', 'internal error');",
    replace: "throw new HttpsError('internal', String(error));",
    test: {
      file: failing,
      title: 'reaches neither caller nor log, which has the kind, the code and the place',
    },
  },
  {
    item: 'S33',
    file: 'functions/src/logging/redact-error.ts',
    find: 'kind: error.name,',
    replace: 'kind: error.name, text: error.message,',
    test: { file: failing, title: 'does so neither where it makes the store unavailable' },
  },
  {
    item: 'S33',
    file: 'functions/src/services.ts',
    find: 'hashed: hasher(config.logSalt)',
    replace: 'hashed: (id) => id',
    test: { file: log, title: 'says who was refused what, so that a filter finds it' },
  },
  {
    item: 'S33',
    file: 'scripts/canaries/find-leaks.ts',
    find: "['canary', /canary/gi],",
    replace: '',
    test: { file: 'tools/test/canaries/find-leaks.test.ts', title: 'finds each of several, with its line' },
  },
  {
    item: 'S33',
    file: 'functions/src/logging/redact-body-errors.ts',
    find: 'if (error === undefined) print(...given);',
    replace: 'if (given.length > 0) print(...given);',
    test: {
      file: 'functions/test/hostile/hostile.host.test.ts',
      title: 'requests that nothing can be read from',
    },
  },
  {
    item: 'S34',
    file: `${callables}/group.ts`,
    find: "const isHere = isCallName(name) && calls[name].deployed !== 'single';",
    replace: "const isHere = isCallName(name); console.log('call of', decodeURIComponent(name));",
    test: { file: log, title: 'is one line of JSON for each call, whatever it is sent' },
  },
  {
    item: 'S35',
    file: `${callables}/call-line.ts`,
    find: "['unauthenticated', 'permission-denied', 'not-found']",
    replace: '[]',
    test: { file: log, title: 'says who was refused what, so that a filter finds it' },
  },
  {
    item: 'S15',
    file: `${callables}/call-line.ts`,
    find: "calls[name].for === 'admin' && calls[name].sensitive ? 'NOTICE' : 'INFO'",
    replace: "'INFO'",
    test: { file: log, title: 'says which admin ended whose sessions' },
  },
];
