import assert from 'node:assert/strict';
import { takeTurns } from '../contention/take-turns.ts';
import type { Connection } from '../peers/peer.ts';
import { fakeClock } from './support/fake-clock.ts';

const chat = { owner: 'alice', session: 's' };
const fail = () => assert.fail('only turns are expected');

const connectionWith = (turn: Connection['turn']): Connection => ({
  open: fail,
  read: fail,
  close: fail,
  turn,
});

describe('takeTurns()', () => {
  it('takes one turn after the other while it may, and logs the messages in order', async () => {
    const sent: string[] = [];
    let running = 0;
    const connection = connectionWith(async (of, question, model) => {
      running += 1;
      assert.deepEqual({ of, running }, { of: chat, running: 1 });
      sent.push(question.content, (await model([question.content])).content);
      running -= 1;
    });
    const { acknowledged, failures } = await takeTurns(connection, chat, (turns) => turns < 3);
    assert.equal(sent.length, 6);
    assert.deepEqual({ acknowledged, failures }, { acknowledged: sent, failures: [] });
  });

  it('logs the latencies and ends of successful turns, and the errors of failed ones', async () => {
    using clock = fakeClock();
    const startedAt = performance.now();
    const questions: string[] = [];
    let turns = 0;
    const connection = connectionWith(async (_, question) => {
      turns += 1;
      clock.pass(10 * turns);
      if (turns % 2 === 0) throw new Error(`turn ${turns} was aborted`);
      questions.push(question.content);
    });
    const log = await takeTurns(connection, chat, (turns) => turns < 5);
    assert.deepEqual(log.latencies, [10, 30, 50]);
    assert.deepEqual(
      log.endTimes,
      [10, 60, 150].map((ms) => startedAt + ms),
    );
    assert.deepEqual(log.failures, ['turn 2 was aborted', 'turn 4 was aborted']);
    assert.equal(log.acknowledged.length, 6);
    assert.deepEqual(
      log.acknowledged.filter((_, at) => at % 2 === 0),
      questions,
    );
  });
});
