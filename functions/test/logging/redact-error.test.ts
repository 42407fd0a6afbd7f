import assert from 'node:assert/strict';
import { redactError } from '../../src/logging/redact-error.ts';

const SECRET = 'thandi@example.com';
const textOf = (error: unknown): string => JSON.stringify(redactError(error));

describe('redactError()', () => {
  it('returns the kind, the code and up to five places of an error', () => {
    const { kind, code, at } = Object(redactError(Object.assign(new TypeError(SECRET), { code: 5 })));
    assert.deepEqual([kind, code, at.length], ['TypeError', 5, 5]);
    assert.match(at[0], /^ {4}at .*redact-error\.test\.ts/);
  });

  it('returns the places of an error without a text', () => {
    assert.match(Object(redactError(new Error())).at[0], /redact-error\.test\.ts/);
  });

  it('omits a line of the text that looks like a place', () => {
    const parsing = (): unknown => JSON.parse(`\n    at ${SECRET} {`);
    assert.throws(parsing, (error: unknown) => !textOf(error).includes('thandi'));
    for (const text of [
      `x\n    at ${SECRET}`,
      `    at ${SECRET}`,
      `Error: \n    at ${SECRET}\n    at ${SECRET}`,
    ]) {
      const told = textOf(new Error(text));
      assert.ok(!told.includes(SECRET), told);
      assert.match(told, /redact-error\.test\.ts/);
    }
  });

  it('omits the places when a changed text is not distinguishable from them', () => {
    const error = new Error(`x\n    at ${SECRET}`);
    assert.ok(error.stack?.includes(SECRET));
    error.message = 'another';
    assert.deepEqual(redactError(error), { kind: 'Error', code: null, at: [] });
  });

  it('returns the type of a value that is not an error', () => {
    assert.deepEqual(redactError(SECRET), { kind: 'string' });
  });
});
