import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { keptMeasurement, type Measurement } from '../report/measurement.ts';
import { ofEachShard } from '../scale/hotspots.ts';
import { inputsOf, type ScaleInputs } from '../scale/inputs.ts';
import { type Scale, scaleTo } from '../scale/scale.ts';
import { close } from './support/close.ts';
import { nothing, smallInputs } from './support/scale-inputs.ts';

let inputs: ScaleInputs;

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
  before(() => {
    const env = parseEnv(readFileSync(join(import.meta.dirname, '../../functions/.env'), 'utf8'));
    inputs = inputsOf(
      {
        turn: resultsOf('turn'),
        load: resultsOf('load'),
        jobs: resultsOf('jobs'),
        scale: resultsOf('scale'),
      },
      env,
    );
  });

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
    const index = { index: 'an index', lead: 'expiry_shard, status' };
    const alone: ScaleInputs = {
      ...smallInputs,
      turn: { ...smallInputs.turn, mean: { reads: 1.5, writes: 2.5, bytesUp: 10, bytesDown: 20 } },
      operations: {
        ...smallInputs.operations,
        createSession: { ...nothing, reads: 100 },
        getSession: { ...nothing, reads: 5 },
        getHistory: { ...nothing, reads: 7 },
        'addMessage, question': { ...nothing, indexEntries: 11, hotIndexes: [{ ...index, entries: 1 }] },
        onMessageCreated: {
          ...nothing,
          writes: 3,
          indexEntries: 7,
          shared: { shards: 1 },
          hotIndexes: [{ ...index, entries: 2 }],
        },
        endSession: { ...nothing, writes: 1000, hotIndexes: [{ ...index, entries: 1 }] },
      },
      assumptions: { ...smallInputs.assumptions, turnsPerMinute: 6, messagesPerSession: 20 },
    };
    // 10 turns a second, 20 messages, 1 session that is begun, 2 that are loaded and 0.5 that are ended.
    const found = scaleTo(100, alone);
    close(found.reads, 10 * 1.5 + 100 + 2 * 5 + 2 * 7, 'reads');
    close(found.writes, 10 * 2.5 + 20 * 3 + 500, 'writes');
    close(found.bytesToFirestore, 10 * 10, 'bytes to Firestore');
    close(found.bytesFromFirestore, 10 * 20, 'bytes from Firestore');
    close(found.deletes, 1 + 20, 'deletes');
    assert.deepEqual(
      found.hotIndexes.find(({ name }) => name === 'an index'),
      { name: 'an index', spreadBy: 'EXPIRY_SHARDS', perSecond: 10 + 2 * 20 + 0.5 },
    );
    assert.deepEqual(found.hotDocuments, [{ name: 'shards', spreadBy: 'ANALYTICS_SHARDS', perSecond: 20 }]);
    // TTL deletes a session of 5 and its 20 messages of 3.
    close(found.indexEntries, 10 * 11 + 20 * 7 + 5 + 20 * 3, 'index entries');
    close(found.stored, 32 * 24 * 60 * 60 * (1500 + 20 * 250), 'bytes stored');
  });

  it('needs an instance for each processor that is busy', () => {
    const { assumptions } = smallInputs;
    const free = { ...smallInputs, assumptions: { ...assumptions, concurrency: 1_000_000 } };
    // A turn a second: two messages, a session that is begun and half ended, two loads; half of a processor is used.
    const { instances } = scaleTo(60, free);
    close(instances.calls, (2 * 4 + 4 + 0.5 * 4 + 2 * 2 + 2 * 2.5) / 1000 / 0.5, 'called');
    close(instances.events, (2 * 2) / 1000 / 0.5, 'that count');
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

function resultsOf<Results>(benchmark: string): Results {
  const { results }: Measurement<Results> = JSON.parse(keptMeasurement(benchmark));
  return results;
}
