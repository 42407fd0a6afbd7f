import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Damage, inspect } from '../contention/inspect.ts';

const unharmed: Damage = { failed: 0, lost: 0, duplicated: 0, misordered: 0 };
const wrote = (acknowledged: readonly string[], failures: readonly string[] = []) => ({
  acknowledged,
  latencies: [],
  ended: [],
  failures,
});
const check = (writers: readonly (readonly string[])[], history: readonly string[]) =>
  inspect(
    writers.map((acknowledged) => wrote(acknowledged)),
    history,
  );

/** The same by counting, message by message. */
function damage(writers: readonly (readonly string[])[], history: readonly string[]): Damage {
  const stands = (content: string) => history.indexOf(content);
  const lost = writers.flat().filter((content) => !history.includes(content)).length;
  const duplicated = history.filter((content, place) => stands(content) !== place).length;
  const misordered = writers.flatMap((said) =>
    said.filter(
      (content, at) =>
        stands(content) >= 0 && said.slice(0, at).some((earlier) => stands(earlier) > stands(content)),
    ),
  ).length;
  return { failed: 0, lost, duplicated, misordered };
}

/** Up to three writers that each said some of their own. */
const writers = fc
  .array(fc.nat(6), { minLength: 1, maxLength: 3 })
  .map((counts) =>
    counts.map((count, writer) => Array.from({ length: count }, (_, at) => `${'abc'[writer]}${at}`)),
  );

/** Writers, and a history in which each finds its own messages in order, between what was there before. */
const sound = writers.chain((said) => {
  const turns = said.flatMap((own, writer) => own.map(() => writer));
  return fc.shuffledSubarray(turns, { minLength: turns.length }).map((order) => {
    const left = said.map((own) => [...own]);
    return { said, history: ['before', ...order.flatMap((writer) => left[writer]?.shift() ?? [])] };
  });
});
const soundWithTwo = sound.filter(({ said }) => said.some((own) => own.length >= 2));

describe('inspect()', () => {
  it('finds nothing wrong with any order in which each writer has its own', () => {
    fc.assert(
      fc.property(sound, ({ said, history }) => {
        assert.deepEqual(check(said, history), unharmed);
      }),
    );
  });

  it('counts, in any history, what counting message by message finds', () => {
    const cases = writers.chain((said) =>
      fc.record({ said: fc.constant(said), history: fc.array(fc.constantFrom('x', 'y', ...said.flat())) }),
    );
    fc.assert(
      fc.property(cases, ({ said, history }) => {
        assert.deepEqual(check(said, history), damage(said, history));
      }),
      { numRuns: 1000 },
    );
  });

  it('notices each message that is missing', () => {
    fc.assert(
      fc.property(soundWithTwo, fc.nat(), ({ said, history }, at) => {
        const gone = 1 + (at % (history.length - 1));
        assert.deepEqual(check(said, history.toSpliced(gone, 1)), { ...unharmed, lost: 1 });
      }),
    );
  });

  it('notices each message that is there again', () => {
    fc.assert(
      fc.property(soundWithTwo, fc.nat(), fc.nat(), ({ said, history }, which, where) => {
        const again = history[which % history.length] ?? assert.fail();
        const later = history.indexOf(again) + 1 + (where % (history.length - history.indexOf(again)));
        assert.deepEqual(check(said, history.toSpliced(later, 0, again)), { ...unharmed, duplicated: 1 });
      }),
    );
  });

  it('notices two messages of a writer that have changed places', () => {
    fc.assert(
      fc.property(soundWithTwo, fc.nat(), ({ said, history }, at) => {
        const own = said.find(({ length }) => length >= 2) ?? assert.fail();
        const [first, second] = own.slice(at % (own.length - 1)).map((content) => history.indexOf(content));
        if (first === undefined || second === undefined) assert.fail();
        const [earlier, later] = [history[first] ?? assert.fail(), history[second] ?? assert.fail()];
        const swapped = history.with(first, later).with(second, earlier);
        assert.deepEqual(check(said, swapped), { ...unharmed, misordered: 1 });
      }),
    );
  });

  it('leaves open whether what failed is there, and counts it', () => {
    const writers = [wrote(['a0', 'a1'], ['aborted', 'aborted']), wrote([], ['aborted'])];
    assert.deepEqual(inspect(writers, ['a0', 'of a turn that failed', 'a1']), { ...unharmed, failed: 3 });
    assert.deepEqual(inspect(writers, ['a0', 'a1']), { ...unharmed, failed: 3 });
  });
});
