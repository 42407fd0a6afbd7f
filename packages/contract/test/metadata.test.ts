import assert from 'node:assert/strict';
import fc from 'fast-check';
import { METADATA_MAX_BYTES, METADATA_MAX_DEPTH, metadataSchema } from '../src/metadata.ts';

const accepts = (value: unknown) => metadataSchema.safeParse(value).success;
const faultOf = (value: unknown) => {
  const issue = metadataSchema.safeParse(value).error?.issues[0];
  return issue && `${issue.path.join('.')} ${issue.message}`.trim();
};

/** Metadata of so many levels: 1 is `{}`. */
const nested = (levels: number, innermost: unknown = {}): unknown =>
  levels === 1 ? innermost : { in: nested(levels - 1, innermost) };

/** Metadata of so many bytes of JSON, in characters of `bytes` bytes each. */
const sized = (total: number, character = 'a') => {
  const room = total - JSON.stringify({ note: '' }).length;
  const width = Buffer.byteLength(character);
  return { note: character.repeat(Math.floor(room / width)) + 'a'.repeat(room % width) };
};

describe('metadataSchema', () => {
  it('keeps the named keys and those of the application unchanged', () => {
    const metadata = {
      confidence: 0.5,
      collections_used: ['zoning'],
      escalated: true,
      intent: 'ask',
      topics: ['erf', 'size'],
      own: { list: [1, 'two', null, true, { three: 3 }] },
    };
    assert.deepEqual(metadataSchema.parse(metadata), metadata);
    assert.deepEqual(metadataSchema.parse({}), {});
  });

  for (const value of [null, 'text', 1, true, [], [{}], undefined]) {
    it(`refuses ${JSON.stringify(value)} in place of an object`, () => {
      assert.ok(!accepts(value));
    });
  }

  for (const key of [
    '',
    '.',
    'a.b',
    '`',
    '[',
    ']',
    '*',
    '~',
    '/',
    'a\0',
    '@type',
    '__proto__',
    '__x__',
    '____',
    '\ud800',
  ]) {
    it(`refuses the key ${JSON.stringify(key)} on every level`, () => {
      const holder: unknown = JSON.parse(`{${JSON.stringify(key)}: 1}`);
      assert.match(faultOf(holder) ?? '', /key/);
      assert.match(faultOf({ in: holder }) ?? '', /^in .*key/);
      assert.match(faultOf({ in: [holder] }) ?? '', /^in.0 .*key/);
    });
  }

  it('accepts keys that only resemble refused ones', () => {
    for (const key of [
      '_',
      '__',
      '___',
      '__x',
      'x__',
      '_x_',
      'a__x__',
      '__x__a',
      'constructor',
      'a b',
      'ä-1',
    ]) {
      assert.ok(accepts({ [key]: 1 }), key);
    }
  });

  it('refuses a reserved key with line breaks', () => {
    assert.ok(!accepts({ '__a\nb__': 1 }));
  });

  it('accepts keys of at most 300 bytes of UTF-8 over all levels, which are one field name in Firestore', () => {
    for (const character of ['k', 'ä', '€']) {
      const key = character.repeat(300 / Buffer.byteLength(character));
      assert.ok(accepts({ [key]: { [key]: 1 } }));
      assert.ok(!accepts({ [`${key}k`]: 1 }));
      assert.ok(!accepts({ in: { [`${key}k`]: 1 } }));
    }
  });

  it('accepts the maximum number of levels and no more, in objects and arrays', () => {
    assert.ok(accepts(nested(METADATA_MAX_DEPTH)));
    assert.ok(accepts(nested(METADATA_MAX_DEPTH, [])));
    for (const innermost of [{}, []]) {
      assert.match(
        faultOf(nested(METADATA_MAX_DEPTH + 1, innermost)) ?? '',
        /^in.in.in.in must be at most 4 levels/,
      );
    }
    assert.ok(accepts(nested(METADATA_MAX_DEPTH, { leaf: 1 })));
    assert.ok(accepts({ in: [{ in: {} }] }));
    assert.equal(faultOf({ in: [{ in: [{}] }] }), 'in.0.in.0 must be at most 4 levels deep');
  });

  it('refuses unlimited nesting before the stack overflows', () => {
    let deep: unknown = {};
    for (let level = 0; level < 100_000; level += 1) deep = { in: deep };
    assert.ok(!accepts(deep));
  });

  for (const character of ['a', 'ä', '😀']) {
    it(`accepts ${METADATA_MAX_BYTES} bytes of JSON in ${character} and no more`, () => {
      assert.ok(accepts(sized(METADATA_MAX_BYTES, character)));
      assert.equal(faultOf(sized(METADATA_MAX_BYTES + 1, character)), 'must be at most 4096 bytes of JSON');
    });
  }

  it('refuses non-finite numbers on every level', () => {
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      assert.equal(faultOf({ a: number }), 'a must be a finite number');
      assert.equal(faultOf({ a: [{ b: number }] }), 'a.0.b must be a finite number');
      assert.ok(!accepts({ confidence: number }));
    }
    assert.ok(accepts({ a: Number.MAX_VALUE }));
  });

  it('refuses an array in an array, which Firestore cannot store', () => {
    assert.equal(faultOf({ a: [1, []] }), 'a.1 must not be an array in an array');
    assert.ok(accepts({ a: [{ b: [1] }] }));
  });

  it('refuses malformed text and NUL on every level', () => {
    assert.match(faultOf({ a: '\ud800' }) ?? '', /^a must be well-formed/);
    assert.match(faultOf({ a: ['\0'] }) ?? '', /^a.0 must not contain NUL/);
  });

  it('refuses values that JSON lacks', () => {
    for (const value of [undefined, 1n, Symbol('s'), () => 1])
      assert.match(faultOf({ a: value }) ?? '', /^a must be JSON/);
  });

  it('limits the named keys', () => {
    for (const confidence of [-0.01, 1.01, '1', null, true]) assert.ok(!accepts({ confidence }));
    for (const confidence of [0, 1]) assert.ok(accepts({ confidence }));
    for (const escalated of ['true', 1, null]) assert.ok(!accepts({ escalated }));
    for (const list of ['topics', 'collections_used']) {
      assert.ok(accepts({ [list]: Array(50).fill('a') }));
      for (const value of [Array(51).fill('a'), 'a', [1], ['a'.repeat(201)]])
        assert.ok(!accepts({ [list]: value }));
    }
    assert.ok(accepts({ intent: 'a'.repeat(200) }));
    assert.ok(!accepts({ intent: 'a'.repeat(201) }));
  });

  it('accepts no value that JSON would change', () => {
    fc.assert(
      fc.property(fc.object({ withNullPrototype: false, maxDepth: 3 }), (value) => {
        const parsed = metadataSchema.safeParse(value);
        if (parsed.success)
          assert.deepEqual(JSON.parse(JSON.stringify(parsed.data)), withoutNegativeZero(value));
      }),
    );
  });
});

/** The one value that JSON changes and a number may have: `SessionManager` sees to it. */
const withoutNegativeZero = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (typeof value !== 'object' || value === null) return value === 0 ? 0 : value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutNegativeZero(item)]));
};
