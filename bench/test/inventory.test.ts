import assert from 'node:assert/strict';
import { countDone, type Inventory } from '../jobs/inventory.ts';
import type { JobName } from '../jobs/jobs.ts';

/** Three open sessions, and two over ones with three messages, all uncounted. */
const before: Inventory = {
  sessions: 5,
  open: 3,
  expired: 2,
  messages: 3,
  uncountedSessions: 2,
  uncountedMessages: 3,
  countedBySessions: 10,
  countedByDays: { messages: 10, over: 1 },
};
const counted = { messages: 13, over: 3 };

/** The work of each job, and the inventory that it leaves. */
const cases: Record<JobName, { done: number; after: Inventory }> = {
  expireSessions: { done: 3, after: { ...before, open: 0, expired: 5, uncountedSessions: 5 } },
  reconcileCounters: {
    done: 5,
    after: {
      ...before,
      uncountedSessions: 0,
      uncountedMessages: 0,
      countedBySessions: 13,
      countedByDays: counted,
    },
  },
  eraseUser: {
    done: 8,
    after: {
      sessions: 0,
      open: 0,
      expired: 0,
      messages: 0,
      uncountedSessions: 0,
      uncountedMessages: 0,
      countedBySessions: 0,
      countedByDays: counted,
    },
  },
};

type Count = Exclude<keyof Inventory, 'countedByDays'>;
const ALL: Count[] = [
  'sessions',
  'open',
  'expired',
  'messages',
  'uncountedSessions',
  'uncountedMessages',
  'countedBySessions',
];
/** The counts that a job must leave exactly. For an erasure, the number of deleted documents is the result. */
const EXACT: Record<JobName, Count[]> = {
  expireSessions: ALL,
  reconcileCounters: ALL,
  eraseUser: ['uncountedSessions', 'uncountedMessages'],
};

describe('countDone()', () => {
  for (const job of ['expireSessions', 'reconcileCounters', 'eraseUser'] as const) {
    const { done, after } = cases[job];

    it(`${job}: returns the number of processed documents`, () => {
      assert.equal(countDone(job, before, after), done);
      assert.equal(countDone(job, before, before), 0);
    });

    it(`${job}: throws if any count is one too high or too low`, () => {
      const { messages, over } = after.countedByDays;
      for (const difference of [-1, 1]) {
        const wrong = [
          ...EXACT[job].map((count) => ({ ...after, [count]: after[count] + difference })),
          { ...after, countedByDays: { messages: messages + difference, over } },
          { ...after, countedByDays: { messages, over: over + difference } },
        ];
        for (const inventory of wrong)
          assert.throws(() => countDone(job, before, inventory), assert.AssertionError);
      }
    });
  }

  it('eraseUser: does not count a session or a message that is left', () => {
    const { done, after } = cases.eraseUser;
    assert.equal(countDone('eraseUser', before, { ...after, sessions: 1 }), done - 1);
    assert.equal(countDone('eraseUser', before, { ...after, messages: 1 }), done - 1);
  });
});
