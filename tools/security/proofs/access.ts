import type { Proof } from '../proof.ts';

const session = 'functions/src/session';
const inAnyState = {
  file: 'packages/sessions/test/memory/memory-store.test.ts',
  title: "answers with the same error whether a session is missing or somebody else's, in any state",
};

/** Who reaches which session. */
export const accessProofs: readonly Proof[] = [
  {
    item: 'S01',
    file: `${session}/records.ts`,
    find: 'newSessionId = z.uuidv4()',
    replace: 'newSessionId = z.uuid()',
    test: {
      file: 'functions/test/callables/parse-payload.test.ts',
      title: 'refuses a session_id for a new session that could be the id of a successor',
    },
  },
  {
    item: 'S01',
    file: `${session}/plan/resolve.ts`,
    find: 'named === null || named.user_id !== wanted.owner',
    replace: 'named === null',
    test: inAnyState,
  },
  {
    item: 'S02',
    file: `${session}/plan/create.ts`,
    find: 'if (taken.user_id !== owner) return refuse(notFound());',
    replace: '',
    test: {
      file: 'packages/sessions/test/plan/plans.test.ts',
      title:
        'answers as the first time whatever became of the session, and refuses an id that is somebody else’s',
    },
  },
  {
    item: 'S05',
    file: `${session}/plan/end.ts`,
    find: 'found === null || found.user_id !== operation.owner',
    replace: 'found === null',
    test: inAnyState,
  },
  {
    item: 'S05',
    file: `${session}/firestore/firestore-store.ts`,
    find: 'if (session?.user_id !== owner) throw notFound();',
    replace: 'if (!session) throw notFound();',
    test: {
      file: 'functions/test/integration/outcomes.host.test.ts',
      title: "getHistory of a missing session and of somebody else's is not-found, byte for byte",
    },
  },
  {
    item: 'S05',
    file: `${session}/firestore/firestore-store.ts`,
    find: ".where('user_id', '==', owner)",
    replace: '',
    test: {
      file: 'packages/sessions/test/firestore/firestore-store.emulator.test.ts',
      title: 'keeps the sessions of others out of a list',
    },
  },
  {
    item: 'S06',
    file: `${session}/plan/feedback.ts`,
    find: 'found === null || found.user_id !== operation.owner ||',
    replace: 'found === null ||',
    test: {
      file: 'packages/sessions/test/plan/plans.test.ts',
      title: 'refuses a message that is missing, of another user or of another session',
    },
  },
  {
    item: 'S06',
    file: `${session}/plan/append.ts`,
    find: 'stored.user_id === owner &&',
    replace: '',
    test: {
      file: 'packages/sessions/test/plan/append.test.ts',
      title: 'refuses the id of a message with another user',
    },
  },
  {
    item: 'S07',
    file: `${session}/fallback/read-cache.ts`,
    find: 'session?.user_id === owner ? session : null',
    replace: 'session ?? null',
    test: {
      file: 'packages/sessions/test/failover/failover-store.test.ts',
      title: 'shows nothing of a session it has seen to anyone but its owner',
    },
  },
  {
    item: 'S07',
    file: `${session}/fallback/journal.ts`,
    find: 'JSON.stringify([owner, session_id])',
    replace: 'JSON.stringify([session_id])',
    test: {
      file: 'packages/sessions/test/redis/redis-journal.test.ts',
      title: 'keep lines apart that share the session or the owner',
    },
  },
  {
    item: 'S07',
    file: `${session}/plan/resolve.ts`,
    find: 'named === null || named.user_id !== wanted.owner',
    replace: 'named === null || (named.user_id !== wanted.owner && !wanted.replay)',
    test: {
      file: 'packages/sessions/test/failover/failover-store.test.ts',
      title:
        'gives a message for somebody else’s session to a successor of one’s own, or refuses it, and reaches no further',
    },
  },
  {
    item: 'S08',
    file: `${session}/plan/resolve.ts`,
    find: 'if (named === null || named.user_id !== wanted.owner) {',
    replace:
      'if (named && named.user_id !== wanted.owner && !wanted.recover) return refuse(hasEnded());\n  if (named === null || named.user_id !== wanted.owner) {',
    test: {
      file: 'functions/test/integration/outcomes.host.test.ts',
      title: "addMessage of a missing session and of somebody else's is not-found, byte for byte",
    },
  },
  {
    item: 'S09',
    file: `${session}/caller.ts`,
    find: 'if (caller.trusted) return named;',
    replace: 'return named;',
    test: {
      file: 'packages/sessions/test/session-manager.test.ts',
      title: 'every call that takes a user_id refuses it from an owner, its own too',
    },
  },
  {
    item: 'S17',
    file: 'functions/src/access/caller-from-token.ts',
    find: 'Object.hasOwn(token, claim) && token[claim] === true',
    replace: 'Boolean(token[claim])',
    test: {
      file: 'functions/test/access/caller-from-token.test.ts',
      title: 'takes a claim that is exactly true, and nothing like it',
    },
  },
  {
    item: 'S17',
    file: 'functions/src/access/caller-from-token.ts',
    find: 'Object.hasOwn(token, claim) && ',
    replace: '',
    test: { file: 'functions/test/access/caller-from-token.test.ts', title: 'and no inherited one' },
  },
  {
    item: 'S39',
    file: `${session}/firestore/compare-and-set.ts`,
    find: ', { lastUpdateTime });',
    replace: ');',
    test: {
      file: 'packages/sessions/test/firestore/expiry/expiry-race.emulator.test.ts',
      title: 'refuses the message when the sweep comes between its read and its write',
    },
  },
];
