import type { Proof } from '../proof.ts';

const session = 'functions/src/session';
const ending = 'packages/sessions/test/firestore/expiry/end-user-sessions.emulator.test.ts';
const exporting = 'packages/sessions/test/firestore/export-page.emulator.test.ts';
const erasing = 'packages/sessions/test/firestore/erasure/erase-user.emulator.test.ts';

/** Everything that a user has: ended, taken along, erased. */
export const ownDataProofs: readonly Proof[] = [
  {
    item: 'S14',
    file: `${session}/firestore/end-sessions.ts`,
    find: 'if (page.size < PAGE && changed.length === 0) return { ended, more: false };',
    replace: 'return { ended, more: false };',
    test: { file: ending, title: 'takes page after page' },
  },
  {
    item: 'S15',
    file: `${session}/firestore/end-sessions.ts`,
    find: ".where('user_id', '==', owner)\n",
    replace: '',
    test: { file: ending, title: "leaves alone what is over, and everybody else's" },
  },
  {
    item: 'S41',
    file: `${session}/firestore/export-page.ts`,
    find: ".where('user_id', '==', owner)\n",
    replace: '',
    test: { file: exporting, title: "gives nothing of anybody else, with another's cursor either" },
  },
  {
    item: 'S41',
    file: `${session}/firestore/export-page.ts`,
    find: 'const full = messages.length === room;',
    replace: 'const full = messages.length > room;',
    test: { file: exporting, title: 'adds up to the counters' },
  },
  {
    item: 'S41',
    file: `${session}/to-csv.ts`,
    find: 'escape_formulas: true,',
    replace: '',
    test: { file: 'packages/sessions/test/export/csv.test.ts', title: 'does not let a cell be a formula' },
  },
  {
    item: 'S42',
    file: `${session}/firestore/erasable.ts`,
    find: 'export const ERASABLE = [SESSIONS, MESSAGES];',
    replace: 'export const ERASABLE = [SESSIONS];',
    test: {
      file: erasing,
      title:
        'deletes all of one user, nothing of others, and leaves the totals of the days as if all was counted',
    },
  },
  {
    item: 'S42',
    file: `${session}/erasure.ts`,
    find: 'return { swept_at: isoOf(now), sweep_at: isoOf(now + SECOND_SWEEP_MS) };',
    replace: 'return { swept_at: isoOf(now), completed_at: isoOf(now), sweep_at: null };',
    test: { file: erasing, title: 'deletes in its second sweep what landed after the first, and counts it' },
  },
  {
    item: 'S42',
    file: `${session}/plan/create.ts`,
    find: 'if (user.isErased) return refuse(wasErased());',
    replace: '',
    test: { file: erasing, title: 'refuses what the user creates, recovers or brings back from then on' },
  },
  {
    item: 'S42',
    file: `${session}/firestore/reading.ts`,
    find: 'if (await this.#loadDocuments(session_id, user_id)) throw wasErased();',
    replace: 'await this.#loadDocuments(session_id, user_id);',
    test: { file: erasing, title: 'refuses what the user creates, recovers or brings back from then on' },
  },
  {
    item: 'S42',
    file: `${session}/firestore/counting.ts`,
    find: 'batch.update(sessionsOf(db).doc(message.session_id), increments(sessionCounters(part)));',
    replace:
      'batch.set(sessionsOf(db).doc(message.session_id), increments(sessionCounters(part)), { merge: true });',
    test: {
      file: 'packages/sessions/test/firestore/counters/count-message.emulator.test.ts',
      title: 'stops at a session that is gone, and brings nothing back',
    },
  },
  {
    item: 'S42',
    file: `${session}/fallback/failover-store.ts`,
    find: 'memories: [cache, this.#answers, this.#replayer],',
    replace: 'memories: [this.#answers, this.#replayer],',
    test: {
      file: 'packages/sessions/test/erasure/evict-user.test.ts',
      title: 'leaves nothing of that user to answer an outage from, and all of others',
    },
  },
  {
    item: 'S42',
    file: `${session}/fallback/forgetting.ts`,
    find: 'const forgotten = await journal.forget(owner);',
    replace: 'const forgotten = 0;',
    test: {
      file: 'packages/sessions/test/erasure/evict-user.test.ts',
      title: 'lets nothing of that user be replayed, and counts it as refused',
    },
  },
  {
    item: 'S42',
    file: `${session}/redis/redis-journal.ts`,
    find: 'return z.number().parse(await this.#redis.run(FORGET, keysOfOwner(owner), [owner, LINE_PREFIX]));',
    replace: 'return owner.length * 0;',
    test: {
      file: 'packages/sessions/test/redis/redis-journal.test.ts',
      title: 'takes all that waits of an owner off all lines, and nothing of others',
    },
  },
  {
    item: 'S42',
    file: 'packages/client/src/client.ts',
    find: "erase(() => send('deleteMyData', input))",
    replace: "inTurn(null, () => send('deleteMyData', input))",
    test: {
      file: 'packages/client/test/outbox/erasure.test.ts',
      title: 'takes out what this device keeps of the user, and tells so',
    },
  },
];
