import assert from 'node:assert/strict';
import { type Results, targetsTable } from '../report/targets-table.ts';

const cost = {
  rpcs: 4,
  trips: 4,
  reads: 2,
  writes: 4,
  bytesUp: 10_000,
  bytesDown: 10_000,
  ms: 50,
  vsFloorA: 1.2,
};
const verdicts = (violated: string[] = []) =>
  ['order', 'two writers', 'durable question'].map((guarantee) => ({
    guarantee,
    found: violated.includes(guarantee) ? 'it was not' : null,
  }));
const ours = { peer: 'kb-sessions, addMessage twice', kind: 'ours', guarantees: verdicts() };
const withCosts = (...costs: object[]) => ({ ...ours, sizes: Object.fromEntries(costs.entries()) });
const rivals = [
  { peer: 'slower', kind: 'plain', sizes: { 0: { ...cost, ms: 60 } }, guarantees: verdicts() },
  {
    peer: 'careless',
    kind: 'plain',
    sizes: { 0: { ...cost, ms: 9 } },
    guarantees: verdicts(['two writers']),
  },
  { peer: 'floor A', kind: 'floor', sizes: { 0: { ...cost, ms: 9 } }, guarantees: verdicts() },
];
const turn = (changed: object) => ({ turn: [{ ...withCosts(cost, cost), ...changed }, ...rivals] });
const contention = (servers: object, oneServer: object) => ({
  contention: [
    { peer: ours.peer, writers: { 20: { p99Ms: 1999, lost: 0, duplicated: 0, misordered: 0, ...servers } } },
    {
      peer: `${ours.peer}, one server`,
      writers: { 20: { p99Ms: 1999, lost: 0, duplicated: 0, misordered: 0, ...oneServer } },
    },
  ],
});
const coldStart = (alone: number, cached: number) => ({
  'cold-start': [
    { name: 'kb-sessions, unbundled', answeredMs: 100 },
    { name: 'kb-sessions, one file alone', answeredMs: alone },
    { name: 'kb-sessions, one file and what V8 compiled of it', answeredMs: cached },
  ],
});
const cpu = (ownMs: number) => ({ load: [{ call: 'getSession', cpu: { ownMs } }] });
const jobs = (changed: object) => ({
  jobs: [
    { job: 'expireSessions', done: 1000, ms: 1, runs: 1, peakRss: 150, firstHalfRss: 150 },
    {
      job: 'expireSessions',
      done: 100_000,
      ms: 539_999,
      runs: 1,
      peakRss: 200,
      firstHalfRss: 191,
      ...changed,
    },
  ],
});

/** All targets are just met. */
const met = { ...turn({}), ...contention({}, {}), ...coldStart(70, 70), ...cpu(0.4), ...jobs({}) };

const missedTargets = (changed: object): string[] =>
  targetsTable({ ...met, ...changed } as unknown as Results)
    .split('\n')
    .filter((line) => line.endsWith('**no** |'));

describe('targetsTable()', () => {
  it('has no missed target if all are just met', () => {
    assert.deepEqual(missedTargets({}), []);
  });

  for (const [target, changed] of [
    ['at most 4 trips', turn(withCosts(cost, { ...cost, trips: 5 }))],
    ['every guarantee', turn({ guarantees: verdicts(['order']) })],
    ['1.4 × floor A', turn(withCosts({ ...cost, vsFloorA: 1.41 }))],
    ['faster than every peer', turn(withCosts({ ...cost, ms: 60.1 }))],
    ['same bytes', turn(withCosts(cost, { ...cost, bytesUp: 10_300 }))],
    ['lost, repeated', contention({ lost: 1 }, {})],
    ['20 servers', contention({ p99Ms: 2000 }, {})],
    ['one server', contention({}, { p99Ms: 2000 })],
    ['30 % faster', coldStart(70, 70.1)],
    ['without the code cache', coldStart(70.1, 70)],
    ['0.5 ms', cpu(0.5)],
    ['9 minutes', jobs({ runs: 2 })],
    ['9 minutes', jobs({ ms: 540_000 })],
    ['9 minutes', jobs({ done: 99_999 })],
    ['a third more', jobs({ peakRss: 201, firstHalfRss: 201 })],
    ['5 % more', jobs({ firstHalfRss: 190 })],
  ] as const) {
    it(`reports a target that is just missed: ${target}`, () => {
      const [missed, ...others] = missedTargets(changed);
      assert.ok(missed?.includes(target), missed);
      assert.deepEqual(others, []);
    });
  }

  it('throws if a result is missing', () => {
    assert.throws(() => missedTargets({ contention: [] }), /addMessage twice must be measured/);
    assert.throws(() => missedTargets({ jobs: [] }), /expireSessions must be measured/);
  });
});
