import assert from 'node:assert/strict';
import { nonEmptyTextSchema, textSchema } from '../src/text.ts';

const accepts = (schema: ReturnType<typeof textSchema>, value: unknown) => schema.safeParse(value).success;

describe('textSchema()', () => {
  it('measures its limit in bytes of UTF-8, not in characters', () => {
    for (const [character, bytes] of [
      ['a', 1],
      ['ä', 2],
      ['€', 3],
      ['😀', 4],
    ] as const) {
      assert.ok(accepts(textSchema(12), character.repeat(12 / bytes)));
      assert.ok(!accepts(textSchema(12), `${character.repeat(12 / bytes)}.`));
    }
  });

  it('refuses NUL and lone surrogates at any position, and accepts pairs', () => {
    for (const poison of ['\0', '\ud83d', '\ude00', '\ude00\ud83d']) {
      for (const value of [poison, `a${poison}`, `${poison}b`]) assert.ok(!accepts(textSchema(12), value));
    }
    assert.ok(accepts(textSchema(12), '\ud83d\ude00'));
  });

  it('refuses a value that is not a string', () => {
    for (const value of [null, undefined, 1, [], {}, ['a'], new String('a')]) {
      assert.ok(!accepts(textSchema(12), value));
    }
  });
});

describe('nonEmptyTextSchema()', () => {
  it('refuses a blank string, which text() accepts', () => {
    for (const value of ['', ' ', '\n\t ', '\u00a0', '\u3000']) {
      assert.ok(!accepts(nonEmptyTextSchema(12), value));
      assert.ok(accepts(textSchema(12), value));
    }
    assert.ok(accepts(nonEmptyTextSchema(12), ' a '));
  });
});
