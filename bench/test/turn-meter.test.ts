import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Connection } from '../peers/peer.ts';
import type { MeteredFirestore } from '../proxy/metered-firestore.ts';
import { TurnMeter } from '../turn/measure-turn.ts';
import { fakeClock } from './support/fake-clock.ts';

type Cost = Awaited<ReturnType<MeteredFirestore['take']>>;
const nothing: Cost = { rpcs: {}, reads: 0, writes: 0, deletes: 0, bytesUp: 0, bytesDown: 0, trips: 0 };

/** A meter on a connection and a proxy that write down what is done with them. */
function metered(size: number, turn: () => void = () => {}) {
  const done: string[] = [];
  const held = new Map<string, number>();
  const connection: Connection = {
    async open(owner, messages) {
      const session = `s${held.size}`;
      held.set(session, messages.length);
      done.push(`open ${session}`);
      return { owner, session };
    },
    async turn({ session }, question, model) {
      turn();
      await model([question.content]);
      held.set(session, (held.get(session) ?? assert.fail()) + 2);
      done.push(`turn ${session}`);
    },
    read: () => assert.fail('nothing is read'),
    close: () => assert.fail('nothing is closed'),
  };
  let taken = 0;
  const firestore: MeteredFirestore = {
    emulator: '',
    address: 'unused',
    async delay(ms) {
      done.push(`delay ${ms}`);
    },
    async take() {
      taken += 1;
      done.push('take');
      return { ...nothing, reads: taken };
    },
    stop: () => assert.fail('nothing is stopped'),
  };
  const stage = { firestore, projectId: 'demo', log: () => {} };
  return { meter: new TurnMeter(stage, connection, size), done, held };
}

describe('TurnMeter', () => {
  it('run() meters and times the turn alone, with a delay, on a session made without one', async () => {
    using clock = fakeClock();
    const { meter, done, held } = metered(30, () => clock.pass(12));
    const run = await meter.run();
    assert.deepEqual(done, ['delay 0', 'open s0', 'delay 10', 'take', 'turn s0', 'take']);
    assert.deepEqual({ ms: run.ms, reads: run.reads, held: held.get('s0') }, { ms: 12, reads: 2, held: 32 });
  });

  it('run() goes on with a session until it has grown by more than a tenth, and then takes another', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), async (size) => {
        const { meter, held } = metered(size);
        for (let run = 0; run < 50; run += 1) await meter.run();
        const [last, ...replaced] = [...held.values()].reverse();
        for (const messages of replaced) {
          assert.ok(messages > 1.1 * size, `${messages} of ${size} were not too many`);
          assert.ok(messages - 2 <= 1.1 * size, `${messages - 2} of ${size} were too many`);
        }
        assert.ok(last !== undefined && last - 2 <= 1.1 * size);
      }),
      // Of 40 messages a tenth more is exactly 44, which is not too many.
      { numRuns: 30, examples: [[40]] },
    ));

  it('run() fails with what the turn throws', async () => {
    const { meter } = metered(30, () => {
      throw new Error('it is too large');
    });
    await assert.rejects(meter.run(), /it is too large/);
  });

  it('run() takes another session after a turn that failed', async () => {
    let turns = 0;
    const { meter, done } = metered(300, () => {
      turns += 1;
      if (turns === 2) throw new Error('it was refused');
    });
    await meter.run();
    await assert.rejects(meter.run(), /it was refused/);
    await meter.run();
    assert.deepEqual(
      done.filter((line) => /open|turn/.test(line)),
      ['open s0', 'turn s0', 'open s1', 'turn s1'],
    );
  });
});
