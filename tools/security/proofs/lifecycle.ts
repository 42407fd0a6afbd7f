import type { Proof } from '../proof.ts';

const session = 'functions/src/session';

/** How long a session lives, and what it takes when it is over. */
export const lifeProofs: readonly Proof[] = [
  {
    item: 'S10',
    file: `${session}/life-cycle.ts`,
    find: 'millisOf(session.expires_at) > now) return session;',
    replace: 'millisOf(session.expires_at) >= now) return session;',
    test: {
      file: 'packages/sessions/test/lifecycle.test.ts',
      title: 'takes a session as expired 0 ms after its expires_at, ended at expires_at',
    },
  },
  {
    item: 'S10',
    file: `${session}/plan/resolve.ts`,
    find: 'const session = asOf(named, circumstances.now, circumstances.limits);',
    replace: 'const session = named;',
    test: {
      file: 'functions/test/integration/outcomes.host.test.ts',
      title: 'addMessage of an expired session that no sweep has seen is refused without recover',
    },
  },
  {
    item: 'S11',
    file: `${session}/life-cycle.ts`,
    find: 'Math.min(activity + limits.idleTimeoutMs, millisOf(session.created_at) + limits.lifetimeMs)',
    replace: 'activity + limits.idleTimeoutMs',
    test: {
      file: 'packages/sessions/test/lifecycle.test.ts',
      title: 'never moves expires_at past the lifetime',
    },
  },
  {
    item: 'S12',
    file: `${session}/firestore/reading.ts`,
    find: 'this.#setup.now(readTime)',
    replace: 'Date.now()',
    test: { file: 'functions/test/security/instance-clock.test.ts', title: 'decides no time and no expiry' },
  },
  {
    item: 'S13',
    file: `${session}/plan/resolve.ts`,
    find: "if (session.status === 'ended')\n    return wanted.replay",
    replace: "if (session.status === 'ended')\n    return true",
    test: {
      file: 'functions/test/integration/outcomes.host.test.ts',
      title: 'addMessage of a session that its owner ended is refused, with recover too',
    },
  },
  {
    item: 'S13',
    file: `${session}/fallback/stand-in.ts`,
    find: "return { found: isFinal ? { kind: 'over', error: resolution.error } : unknown, entries };",
    replace: 'return { found: unknown, entries };',
    test: {
      file: 'packages/sessions/test/failover/failover-store.test.ts',
      title: 'takes the end of a session for final, and an expiry that it only supposes for none',
    },
  },
  {
    item: 'S16',
    file: `${session}/plan/create.ts`,
    find: 'limits.openSessions > 0 && openSessions >= limits.openSessions',
    replace: 'false',
    test: {
      file: 'functions/test/integration/open-sessions.host.test.ts',
      title: 'is approximate for 50 at once: some more may get in, none after them',
    },
  },
  {
    item: 'S37',
    file: `${session}/plan/append.ts`,
    find: 'if (at.session.message_seq + operation.messages.length <= limits.messagesPerSession) return at;',
    replace: 'return at;',
    test: {
      file: 'packages/sessions/test/plan/append.test.ts',
      title: 'links a full session and its successor, which goes on waiting for a human',
    },
  },
  {
    item: 'S37',
    file: `${session}/fallback/memory-journal.ts`,
    find: ' || exceeds(after.ofOwner, perOwner)',
    replace: '',
    test: {
      file: 'packages/sessions/test/failover/failover-store.test.ts',
      title: 'keeps room for others, whatever one user sends',
    },
  },
  {
    item: 'S44',
    file: 'firestore.indexes.json',
    find: '"kb_messages",\n      "fieldPath": "purge_at",\n      "ttl": true,',
    replace: '"kb_messages",\n      "fieldPath": "purge_at",',
    test: {
      file: 'functions/test/deployment.test.ts',
      title: 'lets Firestore delete what is past its purge_at',
    },
  },
  {
    item: 'S44',
    file: 'functions/src/callables/inspect-request.ts',
    find: "response.setHeader('Cache-Control', 'no-store');",
    replace: '',
    test: {
      file: 'functions/test/callables/inspect-request.test.ts',
      title: 'lets no cache keep an answer, and pages read when to try again',
    },
  },
];
