import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Connection } from '../peers/peer.ts';
import { TurnMeter } from '../turn/turn-meter.ts';
import { fakeClock } from './support/fake-clock.ts';
import { fakeFirestore } from './support/fake-firestore.ts';

/** A meter on a connection and a proxy that log their calls. */
const setUp = (size: number, turn: () => void = () => {}) => {
  const log: string[] = [];
  const sessions = new Map<string, number>();
  const connection: Connection = {
    async open(owner, messages) {
      const session = `s${sessions.size}`;
      sessions.set(session, messages.length);
      log.push(`open ${session}`);
      return { owner, session };
    },
    async turn({ session }, question, model) {
      turn();
      await model([question.content]);
      sessions.set(session, (sessions.get(session) ?? assert.fail()) + 2);
      log.push(`turn ${session}`);
    },
    read: () => assert.fail('no read is expected'),
    close: () => assert.fail('no close is expected'),
  };
  const context = { firestore: fakeFirestore('', log), projectId: 'demo', log: () => {} };
  return { meter: new TurnMeter(context, connection, size), log, sessions };
};

describe('TurnMeter', () => {
  it('measures only the turn, with a delay, and opens the session without one', async () => {
    using clock = fakeClock();
    const { meter, log, sessions } = setUp(30, () => clock.pass(12));
    const run = await meter.run();
    assert.deepEqual(log, ['delay 0', 'open s0', 'delay 10', 'take', 'turn s0', 'take']);
    assert.deepEqual([run.ms, run.reads, sessions.get('s0')], [12, 2, 32]);
  });

  it('replaces a session once it has grown by more than a tenth', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), async (size) => {
        const { meter, sessions } = setUp(size);
        for (let run = 0; run < 50; run += 1) await meter.run();
        const [last, ...replaced] = [...sessions.values()].reverse();
        for (const messages of replaced) {
          assert.ok(messages > 1.1 * size, `${messages} of ${size} were too few to replace it`);
          assert.ok(messages - 2 <= 1.1 * size, `${messages - 2} of ${size} were too many to keep it`);
        }
        assert.ok(last !== undefined && last - 2 <= 1.1 * size);
      }),
      // With 40 messages a session may grow to exactly 44.
      { numRuns: 30, examples: [[40]] },
    ));

  it('rejects with the error of a turn, and replaces its session', async () => {
    let turns = 0;
    const { meter, log } = setUp(300, () => {
      turns += 1;
      if (turns === 2) throw new Error('refused');
    });
    await meter.run();
    await assert.rejects(meter.run(), /refused/);
    await meter.run();
    assert.deepEqual(
      log.filter((line) => /open|turn/.test(line)),
      ['open s0', 'turn s0', 'open s1', 'turn s1'],
    );
  });
});
