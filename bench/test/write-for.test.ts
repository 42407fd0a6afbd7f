import assert from 'node:assert/strict';
import { writeFor } from '../contention/write.ts';
import type { Connection } from '../peers/peer.ts';
import { fakeClock } from './support/fake-clock.ts';

const chat = { owner: 'alice', session: 's' };
const refuse = () => assert.fail('turns alone are taken');

/** A connection of which only `turn` is there to be used. */
const takingTurns = (turn: Connection['turn']): Connection => ({
  open: refuse,
  read: refuse,
  close: refuse,
  turn,
});

describe('writeFor()', () => {
  it('takes one turn after the other while it may, and keeps what was said in order', async () => {
    const said: string[] = [];
    let running = 0;
    const connection = takingTurns(async (of, question, model) => {
      running += 1;
      assert.deepEqual({ of, running }, { of: chat, running: 1 });
      said.push(question.content, (await model([question.content])).content);
      running -= 1;
    });
    const { acknowledged, failures } = await writeFor(connection, chat, (turns) => turns < 3);
    assert.equal(said.length, 6);
    assert.deepEqual({ acknowledged, failures }, { acknowledged: said, failures: [] });
  });

  it('times the turns that succeeded, notes when they ended, and tells the others apart with their reasons', async () => {
    using clock = fakeClock();
    const began = performance.now();
    const told: string[] = [];
    let turns = 0;
    const connection = takingTurns(async (_, question) => {
      turns += 1;
      clock.pass(10 * turns);
      if (turns % 2 === 0) throw new Error(`turn ${turns} was aborted`);
      told.push(question.content);
    });
    const written = await writeFor(connection, chat, (turns) => turns < 5);
    assert.deepEqual(written.latencies, [10, 30, 50]);
    assert.deepEqual(
      written.ended,
      [10, 60, 150].map((ms) => began + ms),
    );
    assert.deepEqual(written.failures, ['turn 2 was aborted', 'turn 4 was aborted']);
    assert.equal(written.acknowledged.length, 6);
    const questions = written.acknowledged.filter((_, at) => at % 2 === 0);
    assert.deepEqual(questions, told);
  });

  it('does nothing where it may not begin', async () => {
    const nothing = { acknowledged: [], latencies: [], ended: [], failures: [] };
    assert.deepEqual(await writeFor(takingTurns(refuse), chat, () => false), nothing);
  });
});
