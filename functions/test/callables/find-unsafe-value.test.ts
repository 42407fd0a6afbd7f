import assert from 'node:assert/strict';
import { findUnsafeValue } from '../../src/callables/find-unsafe-value.ts';

/** What firebase-functions makes of a payload: it copies each key by assignment (src/common/providers/https.ts, decode). */
const copiedByAssignment = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copiedByAssignment);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) copy[key] = copiedByAssignment(item);
  return copy;
};

const nested = (levels: number, make: (inner: unknown) => unknown): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = make(value);
  return value;
};

describe('findUnsafeValue()', () => {
  const smuggled = [
    ['__proto__', '{"__proto__": {"session_id": "x"}}'],
    ['__proto__', '{"session_id": "x", "__proto__": {}}'],
    ['__proto__', '{"__proto__": []}'],
    ['user_info.__proto__', '{"user_info": {"__proto__": {"company": "x"}}}'],
    ['messages.0.__proto__', '{"messages": [{"__proto__": {"role": "user"}}]}'],
    ['messages.0.metadata.a.__proto__', '{"messages": [{"metadata": {"a": {"__proto__": {"b": 1}}}}]}'],
  ] as const;
  for (const [field, json] of smuggled) {
    it(`names ${field} of ${json} in the original and in the copy`, () => {
      const wire: unknown = JSON.parse(json);
      assert.deepEqual(findUnsafeValue(wire), { field, message: 'must not be set' });
      assert.deepEqual(findUnsafeValue(copiedByAssignment(wire)), { field, message: 'must not be set' });
    });
  }

  for (const json of ['{"__proto__": "text"}', '{"__proto__": null}', '{"__proto__": 1}']) {
    it(`names __proto__ of ${json}, which a copy loses`, () => {
      assert.equal(findUnsafeValue(JSON.parse(json))?.field, '__proto__');
    });
  }

  it('names an instance of a class', () => {
    for (const value of [new Date(), new Map(), Object.create({ admin: true })]) {
      assert.equal(findUnsafeValue({ in: value })?.field, 'in.__proto__');
    }
  });

  it('names a value that the framework would decode to another type', () => {
    const int64 = { '@type': 'type.googleapis.com/google.protobuf.Int64Value', value: '1e999' };
    assert.equal(findUnsafeValue(int64)?.field, '');
    assert.equal(findUnsafeValue({ limit: int64 })?.field, 'limit');
    assert.equal(
      findUnsafeValue({ messages: [{ metadata: { confidence: int64 } }] })?.field,
      'messages.0.metadata.confidence',
    );
  });

  it('refuses a nesting deeper than that of any call, before the stack overflows', () => {
    for (const make of [(inner: unknown) => ({ in: inner }), (inner: unknown) => [inner]]) {
      assert.equal(findUnsafeValue(nested(12, make)), null);
      assert.match(findUnsafeValue(nested(100_000, make))?.message ?? '', /nested too deeply/);
    }
  });

  it('refuses more values than any call has, in one place or in total', () => {
    const metadata = { of: Array.from({ length: 2000 }, () => 0) };
    assert.equal(findUnsafeValue({ messages: Array.from({ length: 10 }, () => ({ metadata })) }), null);
    for (const many of [
      { messages: Array.from({ length: 13 }, () => ({ metadata })) },
      { of: Array.from({ length: 25_000 }, () => '') },
      Object.fromEntries(Array.from({ length: 25_000 }, (_, key) => [key, 0])),
    ]) {
      assert.deepEqual(findUnsafeValue(many), { field: '', message: 'must have at most 25000 values' });
    }
  });

  it('reads at most the limit of values of an object with many keys', () => {
    let looked = 0;
    const get = () => {
      looked += 1;
      return 0;
    };
    const keys = Array.from({ length: 100_000 }, (_, key) => [`k${key}`, { get, enumerable: true }]);
    const many = Object.defineProperties({}, Object.fromEntries(keys));
    assert.match(findUnsafeValue(many)?.message ?? '', /at most/);
    assert.equal(looked, 25_000);
  });

  it('accepts any other value of JSON, including a property named constructor', () => {
    const payload = '{"a": [1, "two", null, {"b": true}], "constructor": {"prototype": 1}, "toString": "x"}';
    for (const value of [null, 1, 'text', undefined, JSON.parse(payload), Object.create(null)]) {
      assert.equal(findUnsafeValue(value), null);
    }
  });
});
