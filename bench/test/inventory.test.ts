import assert from 'node:assert/strict';
import { documentsDone, type Inventory } from '../jobs/inventory.ts';
import type { JobName } from '../jobs/jobs.ts';

/** Three sessions that are open, and two that are over with three messages, none of them counted. */
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

/** What each job leaves when it has done all of its work, and how much that was. */
const cases: Readonly<Record<JobName, { readonly done: number; readonly left: Inventory }>> = {
  expireSessions: { done: 3, left: { ...before, open: 0, expired: 5, uncountedSessions: 5 } },
  reconcileCounters: {
    done: 5,
    left: {
      ...before,
      uncountedSessions: 0,
      uncountedMessages: 0,
      countedBySessions: 13,
      countedByDays: { messages: 13, over: 3 },
    },
  },
  eraseUser: {
    done: 8,
    left: {
      sessions: 0,
      open: 0,
      expired: 0,
      messages: 0,
      uncountedSessions: 0,
      uncountedMessages: 0,
      countedBySessions: 0,
      countedByDays: { messages: 13, over: 3 },
    },
  },
};

type Count = Exclude<keyof Inventory, 'countedByDays'>;

/** One too many and one too few of each of these, and of what the days hold. */
function wrong(left: Inventory, counts: readonly Count[]): [what: string, found: Inventory][] {
  const { messages, over } = left.countedByDays;
  return [-1, 1].flatMap((more) => [
    ...counts.map((count): [string, Inventory] => [
      `${count} ${more}`,
      { ...left, [count]: left[count] + more },
    ]),
    [`messages of days ${more}`, { ...left, countedByDays: { messages: messages + more, over } }],
    [`over of days ${more}`, { ...left, countedByDays: { messages, over: over + more } }],
  ]);
}

const everything: readonly Count[] = [
  'sessions',
  'open',
  'expired',
  'messages',
  'uncountedSessions',
  'uncountedMessages',
  'countedBySessions',
];
/** What is deleted is not compared, but is what was done. */
const kept: Readonly<Record<JobName, readonly Count[]>> = {
  expireSessions: everything,
  reconcileCounters: everything,
  eraseUser: ['uncountedSessions', 'uncountedMessages'],
};

describe('documentsDone()', () => {
  for (const job of ['expireSessions', 'reconcileCounters', 'eraseUser'] as const) {
    const { done, left } = cases[job];

    it(`${job}: is how many were done, of all and of none`, () => {
      assert.equal(documentsDone(job, before, left), done);
      assert.equal(documentsDone(job, before, before), 0);
    });

    it(`${job}: fails where one too many or one too few is left or counted`, () => {
      for (const [what, found] of wrong(left, kept[job])) {
        assert.throws(() => documentsDone(job, before, found), assert.AssertionError, what);
      }
    });
  }

  it('eraseUser: is one fewer where a session or a message is left', () => {
    const { done, left } = cases.eraseUser;
    assert.equal(documentsDone('eraseUser', before, { ...left, sessions: 1 }), done - 1);
    assert.equal(documentsDone('eraseUser', before, { ...left, messages: 1 }), done - 1);
  });
});
