import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  createPendingOperation,
  isOutboxFull,
  isPendingOperation,
} from '../../src/outbox/pending-operation.ts';
import { idOf, session_id } from './ids.ts';
import { kept } from './storage-contract.ts';

const message = (n: number) => ({ role: 'user' as const, content: `message ${n}`, message_id: idOf(n) });
const answer = { session_id, held_by: 'journal 1' };
const operations = [
  createPendingOperation(
    { name: 'createSession', input: { session_id, user_info: { company: 'Acme' } } },
    answer,
    0,
  ),
  createPendingOperation(
    { name: 'addMessage', input: { session_id, ...message(1), metadata: {} } },
    answer,
    0,
  ),
  createPendingOperation(
    { name: 'addMessages', input: { session_id, messages: [message(1), message(2)] } },
    answer,
    0,
  ),
];

/** Every place in a JSON value, as the keys that lead there. */
const places = (value: unknown): string[][] =>
  typeof value === 'object' && value !== null
    ? [[], ...Object.entries(value).flatMap(([key, item]) => places(item).map((rest) => [key, ...rest]))]
    : [[]];

const changed = (value: unknown, [key, ...rest]: string[], to: unknown): unknown => {
  if (key === undefined) return to;
  const copy = structuredClone(value);
  Object(copy)[key] = changed(Object(copy)[key], rest, to);
  return copy;
};

describe('isPendingOperation()', () => {
  it('accepts a stored operation, even after JSON', () => {
    for (const operation of operations) {
      assert(isPendingOperation(operation));
      assert(isPendingOperation(JSON.parse(JSON.stringify(operation))));
    }
    assert.equal(new Set(operations.map(({ id }) => id)).size, 3);
  });

  it('refuses an invalid operation without a failure', () => {
    const [created, added, bundle] = operations;
    for (const value of [
      undefined,
      null,
      [],
      { ...added, form: 0 },
      { ...added, form: 2 },
      { ...added, id: idOf(2) },
      { ...added, name: 'endSession' },
      { ...added, name: 'addMessages' },
      { ...added, name: 'createSession' },
      { ...created, name: 'addMessage' },
      { ...bundle, name: 'addMessage' },
      { ...bundle, input: { session_id, messages: [] } },
      { ...added, held_by: undefined },
      { ...added, kept_at: 'yesterday' },
      { ...added, session_id: 1 },
      { ...added, input: { ...added?.input, role: 'system' } },
      { ...added, input: { ...added?.input, content: 1 } },
      { ...added, input: { ...added?.input, metadata: 'x' } },
    ])
      assert.equal(isPendingOperation(value), false, JSON.stringify(value));
  });

  it('classifies any value and any stored operation with one changed part', () => {
    const oneChanged = fc
      .constantFrom(...operations)
      .chain((operation) =>
        fc
          .tuple(fc.constantFrom(...places(operation)), fc.anything())
          .map(([place, to]) => changed(operation, place, to)),
      );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), oneChanged), (value) => {
        if (!isPendingOperation(value)) return;
        const { name, input, session_id, held_by, kept_at } = value;
        assert.deepEqual(createPendingOperation({ name, input }, { session_id, held_by }, 0), {
          ...value,
          kept_at: new Date(0).toISOString(),
        });
        assert.equal(Number.isNaN(Date.parse(kept_at)), false);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('isOutboxFull()', () => {
  it('counts operations and characters', () => {
    assert.equal(isOutboxFull(Array.from({ length: 999 }, (_, n) => kept(n))), false);
    assert.equal(isOutboxFull(Array.from({ length: 1000 }, (_, n) => kept(n))), true);
    const large = createPendingOperation(
      { name: 'addMessage', input: { session_id, ...message(1), content: 'x'.repeat(2 ** 20) } },
      answer,
      0,
    );
    assert.equal(isOutboxFull([large, large, large]), false);
    assert.equal(isOutboxFull([large, large, large, large]), true);
  });
});
