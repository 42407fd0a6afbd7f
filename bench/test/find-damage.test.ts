import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Damage, findDamage } from '../contention/find-damage.ts';

const none: Damage = { failed: 0, lost: 0, duplicated: 0, misordered: 0 };
const logOf = (acknowledged: string[], failures: string[] = []) => ({
  acknowledged,
  latencies: [],
  endTimes: [],
  failures,
});
const damageOf = (writers: readonly string[][], history: readonly string[]) =>
  findDamage(
    writers.map((acknowledged) => logOf(acknowledged)),
    history,
  );

/** The same by a direct search for each message. */
const searchedDamage = (writers: readonly string[][], history: readonly string[]): Damage => {
  const placeOf = (content: string) => history.indexOf(content);
  const lost = writers.flat().filter((content) => !history.includes(content)).length;
  const duplicated = history.filter((content, place) => placeOf(content) !== place).length;
  const misordered = writers.flatMap((messages) =>
    messages.filter(
      (content, at) =>
        placeOf(content) >= 0 && messages.slice(0, at).some((earlier) => placeOf(earlier) > placeOf(content)),
    ),
  ).length;
  return { failed: 0, lost, duplicated, misordered };
};

/** Up to three writers with messages of their own. */
const writers = fc
  .array(fc.nat(6), { minLength: 1, maxLength: 3 })
  .map((counts) =>
    counts.map((count, writer) => Array.from({ length: count }, (_, at) => `${'abc'[writer]}${at}`)),
  );

/** Writers, and a history that has the messages of each in order, after an earlier message. */
const intact = writers.chain((messages) => {
  const turns = messages.flatMap((own, writer) => own.map(() => writer));
  return fc.shuffledSubarray(turns, { minLength: turns.length }).map((order) => {
    const left = messages.map((own) => [...own]);
    return { messages, history: ['before', ...order.flatMap((writer) => left[writer]?.shift() ?? [])] };
  });
});

describe('findDamage()', () => {
  it('finds none in any interleaving that keeps the order of each writer', () => {
    fc.assert(
      fc.property(intact, ({ messages, history }) => {
        assert.deepEqual(damageOf(messages, history), none);
      }),
    );
  });

  it('counts the same as a direct search, in any history', () => {
    const cases = writers.chain((messages) =>
      fc.record({
        messages: fc.constant(messages),
        history: fc.array(fc.constantFrom('x', 'y', ...messages.flat())),
      }),
    );
    fc.assert(
      fc.property(cases, ({ messages, history }) => {
        assert.deepEqual(damageOf(messages, history), searchedDamage(messages, history));
      }),
      { numRuns: 1000 },
    );
  });

  it('counts failed turns, whether their messages are in the history or not', () => {
    const logs = [logOf(['a0', 'a1'], ['aborted', 'aborted']), logOf([], ['aborted'])];
    assert.deepEqual(findDamage(logs, ['a0', 'of a failed turn', 'a1']), { ...none, failed: 3 });
    assert.deepEqual(findDamage(logs, ['a0', 'a1']), { ...none, failed: 3 });
  });
});
