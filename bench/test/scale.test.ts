import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { keptMeasurement, type Measurement } from '../report/measurement.ts';
import { ofEachShard } from '../scale/hot-places.ts';
import { inputsOf, type Measured, type ScaleInputs } from '../scale/inputs.ts';
import { monthlyCost, totalOf } from '../scale/monthly-cost.ts';
import { type Scale, scaleTo } from '../scale/scale.ts';

const env = parseEnv(readFileSync(join(import.meta.dirname, '../../functions/.env'), 'utf8'));
const resultsOf = <Results>(benchmark: string): Results => {
  const { results }: Measurement<Results> = JSON.parse(keptMeasurement(benchmark));
  return results;
};
const measured: Measured = {
  turn: resultsOf('turn'),
  load: resultsOf('load'),
  jobs: resultsOf('jobs'),
  scale: resultsOf('scale'),
};
const inputs = inputsOf(measured, env);

const sessions = fc.integer({ min: 1, max: 10_000_000 });
const share = fc.nat(100).map((percent) => percent / 100);
const positive = fc.double({ min: 0.01, max: 1000, noNaN: true });
/** What was measured, under any assumptions and with any number of shards. */
const anyInputs: fc.Arbitrary<ScaleInputs> = fc
  .record({
    assumptions: fc.record({
      turnsPerMinute: positive,
      messagesPerSession: fc.integer({ min: 2, max: 1000 }),
      loadsPerSession: positive,
      endedByUser: share,
      rpcMs: positive,
      cpuUtilization: fc.double({ min: 0.1, max: 1, noNaN: true }),
      concurrency: fc.integer({ min: 1, max: 1000 }),
      memoryGiB: positive,
    }),
    shards: fc.record({
      EXPIRY_SHARDS: fc.integer({ min: 1, max: 1000 }),
      ANALYTICS_SHARDS: fc.integer({ min: 1, max: 1000 }),
    }),
  })
  .map((some) => ({ ...inputs, ...some }));

describe('scaleTo()', () => {
  it('gives twice of everything for twice the sessions, but of what is in each session', () => {
    fc.assert(
      fc.property(sessions, anyInputs, (count, given) => {
        const [one, two] = [quantitiesOf(scaleTo(count, given)), quantitiesOf(scaleTo(2 * count, given))];
        assert.deepEqual([...two.keys()], [...one.keys()]);
        for (const [name, value] of one) close(two.get(name), 2 * value, name);
        close(scaleTo(2 * count, given).ofOneSession, scaleTo(count, given).ofOneSession, 'of one session');
      }),
    );
  });

  it('is never hotter with more shards, and no different otherwise', () => {
    fc.assert(
      fc.property(sessions, anyInputs, fc.nat(1000), fc.nat(1000), (count, given, expiry, analytics) => {
        const shards = {
          EXPIRY_SHARDS: given.shards.EXPIRY_SHARDS + expiry,
          ANALYTICS_SHARDS: given.shards.ANALYTICS_SHARDS + analytics,
        };
        const [few, many] = [scaleTo(count, given), scaleTo(count, { ...given, shards })];
        assert.deepEqual(quantitiesOf(many), quantitiesOf(few));
        for (const place of [...few.hotIndexes, ...few.hotDocuments]) {
          const before = ofEachShard(place, given.shards);
          const after = ofEachShard(place, shards);
          assert.ok(
            after <= before,
            `${place.name}: ${after} a second with more shards, ${before} with fewer`,
          );
        }
      }),
    );
  });

  it('puts the hottest place first', () => {
    fc.assert(
      fc.property(sessions, anyInputs, (count, given) => {
        const { hotIndexes, hotDocuments } = scaleTo(count, given);
        for (const places of [hotIndexes, hotDocuments]) {
          const rates = places.map((place) => ofEachShard(place, given.shards));
          assert.deepEqual(
            rates,
            rates.toSorted((a, b) => b - a),
          );
        }
      }),
    );
  });

  it('adds up what the operations take', () => {
    const nothing = { reads: 0, writes: 0, bytesUp: 0, bytesDown: 0, answerBytes: 0, indexEntries: 0 };
    const empty = { ...nothing, trips: 0, documents: {}, shared: {}, hotIndexes: [] };
    const index = { index: 'an index', lead: 'expiry_shard, status' };
    const { operations } = inputs;
    const alone: ScaleInputs = {
      ...inputs,
      turn: { ...inputs.turn, reads: 2, writes: 4 },
      operations: {
        ...operations,
        createSession: { ...empty, reads: 100 },
        getSession: empty,
        onMessageCreated: {
          ...empty,
          writes: 3,
          indexEntries: 7,
          shared: { shards: 1 },
          hotIndexes: [{ ...index, entries: 2 }],
        },
        endSession: { ...empty, writes: 1000, hotIndexes: [{ ...index, entries: 1 }] },
        expireSessions: empty,
        reconcileCounters: empty,
      },
      assumptions: {
        ...inputs.assumptions,
        turnsPerMinute: 6,
        messagesPerSession: 20,
        endedByUser: 0.5,
      },
      shards: { EXPIRY_SHARDS: 8, ANALYTICS_SHARDS: 4 },
    };
    // 10 turns a second, 20 messages, 1 session that is begun and 0.5 that are ended.
    const found = scaleTo(100, alone);
    close(found.reads, 10 * 2 + 100, 'reads');
    close(found.writes, 10 * 4 + 20 * 3 + 500, 'writes');
    close(found.deletes, 1 + 20, 'deletes');
    assert.deepEqual(
      found.hotIndexes.find(({ name }) => name === 'an index'),
      { name: 'an index', spreadBy: 'EXPIRY_SHARDS', perSecond: 2 * 20 + 0.5 },
    );
    assert.deepEqual(found.hotDocuments, [{ name: 'shards', spreadBy: 'ANALYTICS_SHARDS', perSecond: 20 }]);
    const appends =
      operations['addMessage, question'].indexEntries + operations['addMessage, answer'].indexEntries;
    close(found.indexEntries, 10 * appends + 20 * 7, 'index entries');
  });

  it('ramps up from 500 operations a second by half every 5 minutes', () => {
    const minutes = (operations: number) => {
      const { turnsPerMinute } = inputs.assumptions;
      const perTurn = scaleTo(60, inputs);
      return scaleTo(
        (60 * operations * turnsPerMinute) / (perTurn.reads + perTurn.writes) / turnsPerMinute,
        inputs,
      ).rampMinutes;
    };
    assert.deepEqual([1, 499, 501, 749, 751, 1124, 1126].map(minutes), [0, 0, 5, 5, 10, 10, 15]);
  });
});

describe('monthlyCost()', () => {
  it('is never negative, and twice as much for twice the sessions', () => {
    fc.assert(
      fc.property(sessions, anyInputs, (count, given) => {
        const cost = (of: number) => monthlyCost(scaleTo(of, given), given.assumptions);
        for (const [part, amount] of Object.entries(cost(count)))
          assert.ok(amount >= 0, `${part}: ${amount}`);
        close(totalOf(cost(2 * count)), 2 * totalOf(cost(count)), 'the total');
      }),
    );
  });

  it('is what the price list says', () => {
    const scale: Scale = { ...scaleTo(1, inputs), reads: 1, writes: 1, deletes: 1, stored: 2 ** 30 };
    const cost = monthlyCost(scale, inputs.assumptions);
    close(cost['Firestore, reads'], 25.92 * 0.03, 'reads');
    close(cost['Firestore, writes'], 25.92 * 0.09, 'writes');
    close(cost['Firestore, deletes by TTL'], 25.92 * 0.01, 'deletes');
    close(cost['Firestore, storage'], 0.15, 'storage');
  });
});

describe('inputsOf()', () => {
  it('fails when a turn is not what its two calls are', () => {
    const operations = {
      ...measured.scale.operations,
      'addMessage, answer': { ...measured.scale.operations['addMessage, answer'], reads: 5 },
    };
    const other = { ...measured, scale: { ...measured.scale, operations } };
    assert.throws(() => inputsOf(other, env), /reads of a turn must be \d+ as in turn, found 6/);
  });

  it('fails without a param', () => {
    assert.throws(() => inputsOf(measured, { ...env, EXPIRY_SHARDS: undefined }), /EXPIRY_SHARDS/);
  });
});

function quantitiesOf(scale: Scale): Map<string, number> {
  const {
    ofOneSession: _each,
    rampMinutes: _ramp,
    instances,
    operations,
    hotIndexes,
    hotDocuments,
    ...rest
  } = scale;
  const places = [...hotIndexes, ...hotDocuments].map(({ name, perSecond }) => [name, perSecond] as const);
  return new Map(
    [
      ...Object.entries(rest),
      ...Object.entries(operations),
      ...Object.entries(instances),
      ...places,
    ].toSorted(([a], [b]) => a.localeCompare(b)),
  );
}

function close(found: number | undefined, wanted: number, what: string): void {
  assert.ok(
    found !== undefined && Math.abs(found - wanted) <= 1e-9 * Math.abs(wanted),
    `${what} must be ${wanted}, found ${found}`,
  );
}
