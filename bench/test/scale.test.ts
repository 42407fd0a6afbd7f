import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseMeasurement, readMeasurement } from '../report/measurement.ts';
import { ASSUMPTIONS } from '../scale/assumptions.ts';
import {
  limitsOf,
  type Measured,
  MONTH_SECONDS,
  maxTurnsPerSecond,
  millionTurnsCost,
  monthlyCostOf,
  perShard,
  type Scale,
  type ScaleInputs,
  scaleInputsOf,
  scaleOf,
} from '../scale.ts';
import { free, smallInputs } from './support/scale-inputs.ts';

const ENV = { EXPIRY_SHARDS: '8', ANALYTICS_SHARDS: '10', RETENTION_DAYS: '30', LIFETIME_SECONDS: '86400' };
const measured = Object.fromEntries(
  ['turn', 'load', 'jobs', 'scale'].map((name) => [name, parseMeasurement(readMeasurement(name)).results]),
) as Measured;
const inputs = scaleInputsOf(measured, ENV);

const sessionCounts = fc.integer({ min: 1, max: 10_000_000 });
const positive = fc.double({ min: 0.01, max: 1000, noNaN: true });
const shardCounts = fc.record({
  EXPIRY_SHARDS: fc.integer({ min: 1, max: 1000 }),
  ANALYTICS_SHARDS: fc.integer({ min: 1, max: 1000 }),
});
/** The measurements, under any assumptions and with any number of shards. */
const anyInputs: fc.Arbitrary<ScaleInputs> = fc
  .record({
    assumptions: fc.record({
      turnsPerMinute: positive,
      messagesPerSession: fc.integer({ min: 2, max: 1000 }),
      loadsPerSession: positive,
      endedByUser: fc.nat(100).map((percent) => percent / 100),
      rpcMs: positive,
      cpuUtilization: fc.double({ min: 0.1, max: 1, noNaN: true }),
      concurrency: fc.integer({ min: 1, max: 1000 }),
      memoryGiB: positive,
    }),
    shards: shardCounts,
  })
  .map((changed) => ({ ...inputs, ...changed }));

const assertClose = (found: number | undefined, expected: number, what: string): void => {
  const isClose = found !== undefined && Math.abs(found - expected) <= 1e-9 * Math.abs(expected);
  assert.ok(isClose, `${what} must be ${expected}, found ${found}`);
};

/** Returns everything that grows with the number of sessions, by name. */
const quantitiesOf = (scale: Scale): Map<string, number> => {
  const { writesPerSession: _each, rampMinutes: _ramp, ...rest } = scale;
  const { instances, operations, hotIndexes, hotDocuments, ...numbers } = rest;
  const hotspots = [...hotIndexes, ...hotDocuments].map(({ name, perSecond }) => [name, perSecond] as const);
  const byFunction = Object.entries(instances).map(([name, count]) => [`instances: ${name}`, count] as const);
  return new Map([...Object.entries(numbers), ...Object.entries(operations), ...byFunction, ...hotspots]);
};

describe('scaleInputsOf()', () => {
  it('reads the results of each benchmark and the deployed params', () => {
    const load = [
      { call: 'an empty callable', callers: {} },
      { call: 'getSession', callers: {}, cpu: { oursMs: 3 } },
    ];
    const jobs = [
      { job: 'expireSessions', ms: 10, done: 1 },
      { job: 'expireSessions', ms: 500, done: 1000 },
      { job: 'eraseUser', ms: 1, done: 1000 },
    ];
    const { cpuMs, expiredPerSecond, shards, keptDays } = scaleInputsOf(
      { ...measured, load, jobs } as unknown as Measured,
      ENV,
    );
    assert.deepEqual([...cpuMs], [['getSession', 3]]);
    assert.equal(expiredPerSecond, 2000);
    assert.deepEqual(shards, { EXPIRY_SHARDS: 8, ANALYTICS_SHARDS: 10 });
    // With a day until TTL deletes.
    assert.equal(keptDays, 32);
  });

  it('throws if a turn and its two calls differ, or a param is missing', () => {
    const { scale } = measured;
    const operations = { ...scale.operations, 'addMessage, answer': { ...free, reads: 5 } };
    const different = { ...measured, scale: { ...scale, operations } };
    assert.throws(() => scaleInputsOf(different, ENV), /reads of a turn must be 2 as in turn, found 6/);
    assert.throws(() => scaleInputsOf(measured, { ...ENV, EXPIRY_SHARDS: undefined }), /EXPIRY_SHARDS/);
  });
});

describe('scaleOf()', () => {
  it('doubles all quantities for twice the sessions, except those per session', () => {
    fc.assert(
      fc.property(sessionCounts, anyInputs, (count, given) => {
        const [one, two] = [scaleOf(count, given), scaleOf(2 * count, given)];
        const [before, after] = [quantitiesOf(one), quantitiesOf(two)];
        assert.deepEqual([...after.keys()].sort(), [...before.keys()].sort());
        for (const [name, value] of before) assertClose(after.get(name), 2 * value, name);
        assertClose(two.writesPerSession, one.writesPerSession, 'writes per session');
      }),
    );
  });

  it('never makes a shard hotter with more shards, and changes nothing else', () => {
    fc.assert(
      fc.property(sessionCounts, anyInputs, shardCounts, (count, given, more) => {
        const shards = {
          EXPIRY_SHARDS: given.shards.EXPIRY_SHARDS + more.EXPIRY_SHARDS,
          ANALYTICS_SHARDS: given.shards.ANALYTICS_SHARDS + more.ANALYTICS_SHARDS,
        };
        const few = scaleOf(count, given);
        assert.deepEqual(quantitiesOf(scaleOf(count, { ...given, shards })), quantitiesOf(few));
        for (const hotspot of [...few.hotIndexes, ...few.hotDocuments])
          assert.ok(perShard(hotspot, shards) <= perShard(hotspot, given.shards), hotspot.name);
      }),
    );
  });

  it('sorts hotspots by their writes per shard', () => {
    fc.assert(
      fc.property(sessionCounts, anyInputs, (count, given) => {
        const { hotIndexes, hotDocuments } = scaleOf(count, given);
        for (const hotspots of [hotIndexes, hotDocuments]) {
          const rates = hotspots.map((hotspot) => perShard(hotspot, given.shards));
          assert.deepEqual(
            rates,
            rates.toSorted((a, b) => b - a),
          );
        }
      }),
    );
  });

  it('adds up the costs of the operations', () => {
    const index = { index: 'an index', lead: 'expiry_shard, status' };
    // 10 turns a second, 20 messages, 1 session created, 2 loads and 0.5 ends.
    const found = scaleOf(100, {
      ...smallInputs,
      turn: { ...smallInputs.turn, mean: { reads: 1.5, writes: 2.5, bytesUp: 10, bytesDown: 20 } },
      operations: {
        ...smallInputs.operations,
        createSession: { ...free, reads: 100 },
        getSession: { ...free, reads: 5 },
        getHistory: { ...free, reads: 7 },
        'addMessage, question': { ...free, indexEntries: 11, hotIndexes: [{ ...index, entries: 1 }] },
        onMessageCreated: {
          ...free,
          writes: 3,
          indexEntries: 7,
          shared: { shards: 1 },
          hotIndexes: [{ ...index, entries: 2 }],
        },
        endSession: { ...free, writes: 1000, hotIndexes: [{ ...index, entries: 1 }] },
      },
      assumptions: { ...smallInputs.assumptions, turnsPerMinute: 6, messagesPerSession: 20 },
    });
    assertClose(found.reads, 10 * 1.5 + 100 + 2 * 5 + 2 * 7, 'reads');
    assertClose(found.writes, 10 * 2.5 + 20 * 3 + 500, 'writes');
    assertClose(found.bytesToFirestore, 10 * 10, 'bytes to Firestore');
    assertClose(found.bytesFromFirestore, 10 * 20, 'bytes from Firestore');
    assertClose(found.deletes, 1 + 20, 'deletes');
    assert.deepEqual(found.hotIndexes, [
      { name: 'an index', spreadBy: 'EXPIRY_SHARDS', perSecond: 10 + 2 * 20 + 0.5 },
    ]);
    assert.deepEqual(found.hotDocuments, [{ name: 'shards', spreadBy: 'ANALYTICS_SHARDS', perSecond: 20 }]);
    // TTL removes 5 entries of a session and 3 of each of its 20 messages.
    assertClose(found.indexEntries, 10 * 11 + 20 * 7 + 5 + 20 * 3, 'index entries');
    assertClose(found.stored, 32 * 24 * 60 * 60 * (1500 + 20 * 250), 'stored bytes');
  });

  it('computes instances from CPU time', () => {
    const assumptions = { ...smallInputs.assumptions, concurrency: 1_000_000 };
    // A turn a second: two messages, a session created and half a session ended, two loads, at 50 % utilization.
    const { instances } = scaleOf(60, { ...smallInputs, assumptions });
    assertClose(instances.calls, (2 * 4 + 4 + 0.5 * 4 + 2 * 2 + 2 * 2.5) / 1000 / 0.5, 'calls');
    assertClose(instances.events, (2 * 2) / 1000 / 0.5, 'events');
  });

  it('ramps up from 500 operations a second by half every 5 minutes', () => {
    const { reads, writes } = scaleOf(60, inputs);
    const sessionsFor = (operations: number) => (60 * operations) / (reads + writes);
    const minutes = [1, 499, 501, 749, 751, 1124, 1126].map(
      (operations) => scaleOf(sessionsFor(operations), inputs).rampMinutes,
    );
    assert.deepEqual(minutes, [0, 0, 5, 5, 10, 10, 15]);
  });
});

describe('monthlyCostOf()', () => {
  it('applies the price list', () => {
    const scale: Scale = {
      ...scaleOf(1, smallInputs),
      reads: 1,
      writes: 2,
      deletes: 3,
      stored: 10 * 2 ** 30,
      instances: { calls: 1.2, events: 0.3 },
      calls: 2,
      events: 1,
      bytesOfEvents: 2 ** 40 / MONTH_SECONDS,
      bytesToCallers: 2 ** 30 / MONTH_SECONDS,
    };
    // A month has 2,592,000 seconds. A fraction of an instance costs as much as an instance.
    const expected = {
      'Firestore, reads': 25.92 * 0.03,
      'Firestore, writes': 2 * 25.92 * 0.09,
      'Firestore, deletes by TTL': 3 * 25.92 * 0.01,
      'Firestore, storage': 1.5,
      'Cloud Run, CPU': 186.624,
      'Cloud Run, memory': 4.86,
      'Cloud Run, requests': 3.1104,
      'events, published and delivered': 80,
      'traffic to callers': 0.12,
    };
    const cost = monthlyCostOf(scale, smallInputs.assumptions);
    assert.deepEqual(Object.keys(cost), Object.keys(expected));
    for (const [part, amount] of Object.entries(expected)) assertClose(cost[part], amount, part);
  });

  it('never decreases with more sessions, and at most doubles for twice as many', () => {
    fc.assert(
      fc.property(sessionCounts, (count) => {
        const [one, two] = [count, 2 * count].map((sessions) =>
          monthlyCostOf(scaleOf(sessions, inputs), ASSUMPTIONS),
        );
        for (const [part, amount] of Object.entries(one ?? {})) {
          const twice = two?.[part] ?? Number.NaN;
          assert.ok(amount >= 0 && twice >= amount && twice <= 2 * amount * (1 + 1e-9), part);
        }
      }),
    );
  });
});

describe('millionTurnsCost()', () => {
  it('adds up the prices of the operations', () => {
    assertClose(
      millionTurnsCost({ reads: 2, writes: 4, deletes: 3 }),
      2 * 0.3 + 4 * 0.9 + 3 * 0.1,
      'dollars',
    );
  });
});

describe('maxTurnsPerSecond()', () => {
  const index = { name: 'chats (at)', perSecond: 200 };

  it('divides the bound of the hottest place by its writes per turn and shard', () => {
    const { shards } = smallInputs;
    const max = (hotspots: object) =>
      maxTurnsPerSecond(100, { hotIndexes: [], hotDocuments: [], ...hotspots }, shards);
    assert.equal(max({ hotIndexes: [index] }), 250);
    assert.equal(max({ hotIndexes: [{ ...index, spreadBy: 'EXPIRY_SHARDS' }] }), 2000);
    // A document takes one write a second, an index 500.
    assert.equal(max({ hotIndexes: [index], hotDocuments: [{ name: 'days', perSecond: 400 }] }), 0.25);
    assert.equal(max({}), Number.POSITIVE_INFINITY);
  });
});

describe('limitsOf()', () => {
  it('returns the value per shard of each limit', () => {
    const counting = { ...free, shared: { shards: 1 }, documents: { kb_sessions: 1 } };
    const operations = { ...smallInputs.operations, onMessageCreated: counting };
    const given = { ...smallInputs, operations };
    const scale = scaleOf(6000, given);
    const values = limitsOf(scale, given).map(({ name, bound, valueAt }) => [name, bound, valueAt(scale)]);
    // 100 turns a second with 200 messages, which are counted in 10 shards; half of 100 sessions expire.
    assert.deepEqual(values.slice(0, 3), [
      ['a document of `shards`', 1, 20],
      ['the document of a session', 1, 200 / 6000],
      ['sessions that one run expires', 100, 50],
    ]);
  });
});
