import assert from 'node:assert/strict';
import { goalsTable, type Results } from '../report/goals-table.ts';
import { readTable } from './support/read-table.ts';

const cost = (ms: number, vsFloorA = 1.2) => ({
  rpcs: 4,
  trips: 4,
  reads: 2,
  writes: 4,
  bytesUp: 10_000,
  bytesDown: 10_000,
  ms,
  vsFloorA,
});
const verdicts = (broken: string[] = []) =>
  ['order', 'two writers', 'durable question'].map((guarantee) => ({
    guarantee,
    found: broken.includes(guarantee) ? 'it was not' : null,
  }));
const ours = { peer: 'kb-sessions, addMessage twice', kind: 'ours', guarantees: verdicts() } as const;
const writers = (p99Ms: number, lost = 0) => ({
  20: { messagesPerSecond: 1, p50Ms: 1, p99Ms, turns: 9, failed: 0, lost, duplicated: 0, misordered: 0 },
});
const start = (name: string, answeredMs: number) => ({
  name: `kb-sessions, ${name}`,
  kind: 'plain' as const,
  importMs: 1,
  importRss: 1,
  answeredMs,
  answeredRss: 1,
});
const coldStart = ({ alone = 70, cached = 70 }) => [
  start('unbundled', 100),
  start('one file alone', alone),
  start('one file and what V8 compiled of it', cached),
];
const sweep = { job: 'expireSessions', runs: 1, more: false, peakHeap: 1 } as const;

/** All goals are reached. */
const results = {
  turn: [
    { ...ours, sizes: { 30: cost(50), 300: cost(50) } },
    { peer: 'slower', kind: 'plain', sizes: { 30: cost(60) }, guarantees: verdicts() },
    {
      peer: 'quicker, and careless',
      kind: 'plain',
      sizes: { 30: cost(9) },
      guarantees: verdicts(['two writers']),
    },
    { peer: 'floor A', kind: 'floor', sizes: { 30: cost(9) }, guarantees: verdicts() },
  ],
  contention: [
    { peer: ours.peer, kind: 'ours', writers: writers(1999) },
    { peer: `${ours.peer}, one server`, kind: 'ours', writers: writers(1999) },
  ],
  'cold-start': coldStart({}),
  load: [
    {
      call: 'getSession',
      callers: {},
      cpu: { oursMs: 2, bareMs: 1.6, ownMs: 0.4, ownQuartilesMs: [0.3, 0.5] },
    },
  ],
  jobs: [
    { ...sweep, documents: 1000, done: 1000, ms: 1, peakRss: 150, firstHalfRss: 150, cost: { rpcs: {} } },
    {
      ...sweep,
      documents: 100_000,
      done: 100_000,
      ms: 539_999,
      peakRss: 200,
      firstHalfRss: 191,
      cost: { rpcs: {} },
    },
  ],
} as unknown as Results;

const missed = (changed: Partial<Record<keyof Results, unknown>>): string[] => {
  const text = goalsTable({ ...results, ...changed } as Results);
  return text
    .split('\n')
    .filter((line) => line.endsWith('**no** |'))
    .map((line) => line.split('|')[1]?.trim() ?? '');
};
const ourTurn = (changes: object) => [
  { ...ours, sizes: { 30: cost(50) }, ...changes },
  ...results.turn.slice(1),
];

describe('goalsTable()', () => {
  it('says yes where all is reached', () => {
    assert.deepEqual(missed({}), []);
  });

  it('has a verdict of its own for the first answer without what V8 has compiled', () => {
    const text = goalsTable({ ...results, 'cold-start': coldStart({ alone: 70.5, cached: 58 }) });
    const cell = readTable(text);
    const row = (goal: string) => ['measured', 'reached'].map((column) => cell(goal, column));
    assert.deepEqual(row('the first answer 30 % sooner than unbundled'), ['42 %', 'yes']);
    assert.deepEqual(row('the same where another V8 runs it than built it'), ['29 %', '**no**']);
  });

  for (const [goal, changed] of [
    ['at most 4 trips', { turn: ourTurn({ sizes: { 30: cost(50), 300: { ...cost(50), trips: 5 } } }) }],
    ['every guarantee', { turn: ourTurn({ guarantees: verdicts(['order']) }) }],
    ['1.4 × floor A', { turn: ourTurn({ sizes: { 30: cost(50, 1.41) } }) }],
    ['sooner than whatever', { turn: ourTurn({ sizes: { 30: cost(60.1) } }) }],
    ['same bytes', { turn: ourTurn({ sizes: { 30: cost(50), 300: { ...cost(50), bytesUp: 10_300 } } }) }],
    [
      'lose, repeat and misorder',
      { contention: [{ ...results.contention[0], writers: writers(1, 1) }, results.contention[1]] },
    ],
    [
      '20 servers',
      { contention: [{ ...results.contention[0], writers: writers(2000) }, results.contention[1]] },
    ],
    [
      'one server',
      { contention: [results.contention[0], { ...results.contention[1], writers: writers(2000) }] },
    ],
    ['30 % sooner', { 'cold-start': coldStart({ cached: 70.1 }) }],
    ['another V8', { 'cold-start': coldStart({ alone: 70.1 }) }],
    ['0.5 ms', { load: [{ ...results.load[0], cpu: { ...results.load[0]?.cpu, ownMs: 0.5 } }] }],
    ['9 minutes', { jobs: [results.jobs[0], { ...results.jobs[1], runs: 2 }] }],
    ['9 minutes', { jobs: [results.jobs[0], { ...results.jobs[1], ms: 540_000 }] }],
    ['9 minutes', { jobs: [results.jobs[0], { ...results.jobs[1], done: 99_999 }] }],
    ['the memory', { jobs: [results.jobs[0], { ...results.jobs[1], peakRss: 201, firstHalfRss: 201 }] }],
    ['does not grow', { jobs: [results.jobs[0], { ...results.jobs[1], firstHalfRss: 190 }] }],
  ] as const) {
    it(`says no where it is only nearly reached: ${goal}`, () => {
      const [found, ...others] = missed(changed);
      assert.ok(found?.includes(goal), found);
      assert.deepEqual(others, []);
    });
  }

  it('says which of the results it needs is not there', () => {
    assert.throws(
      () => goalsTable({ ...results, contention: [] }),
      /one server|addMessage twice was to be measured/,
    );
    assert.throws(() => goalsTable({ ...results, jobs: [] }), /expireSessions was to be measured/);
  });
});
