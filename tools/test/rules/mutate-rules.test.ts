import assert from 'node:assert/strict';
import { mutateRules } from '../../rules/mutate-rules.ts';

const changesOf = (condition: string): string[] =>
  mutateRules(`match /a/{b} { allow get, list: if ${condition}; } // if (a && b);`).map(({ change }) =>
    change.replace('line 1: ', ''),
  );

describe('mutateRules()', () => {
  it('removes, negates and weakens a condition', () => {
    assert.deepEqual(changesOf('x == 1').slice(0, 5), [
      'x == 1 -> true',
      'x == 1 -> false',
      'x == 1 -> !(x == 1)',
      'x == 1 -> x <= 1',
      'x == 1 -> x >= 1',
    ]);
  });

  it('removes, negates and weakens each operand', () => {
    const changes = changesOf('x && f(y) || z');
    for (const operand of ['x', 'f(y)', 'z', 'x && f(y) || z']) {
      assert.ok(changes.includes(`${operand} -> true`), operand);
      assert.ok(changes.includes(`${operand} -> false`), operand);
    }
  });

  it('rejects rules that it cannot read correctly', () => {
    assert.throws(() => changesOf('x && (y || z)'), /inside parentheses/);
  });

  it('removes and adds methods, removes and widens matches, and adds a general match', () => {
    const granted = 'if request.auth.token.agent == true;';
    assert.deepEqual(changesOf('x').slice(3), [
      'get, list -> list',
      'get, list -> get',
      'match /a/{b} { allow get, list: if x; } -> nothing',
      '/a/{b} -> /{any0}/{b}',
      '/a/{b} -> /a/{b=**}',
      '/a/{b} -> /{any=**}/a/{b}',
      `plus  match /{any=**} { allow get: ${granted} }`,
      `plus  match /{any=**} { allow list: ${granted} }`,
      ...['create', 'update', 'delete'].flatMap((method) => [
        `plus  allow ${method}: ${granted}`,
        `plus  match /{any=**} { allow ${method}: ${granted} }`,
      ]),
    ]);
  });

  it('makes each change only at its position', () => {
    const source = 'match /a/{b} {\n  allow get: if x;\n  allow list: if x;\n}';
    const [, second] = mutateRules(source).filter(({ change }) => change.endsWith('x -> true'));
    assert.deepEqual(second, {
      change: 'line 3: x -> true',
      source: 'match /a/{b} {\n  allow get: if x;\n  allow list: if true;\n}',
    });
  });
});
