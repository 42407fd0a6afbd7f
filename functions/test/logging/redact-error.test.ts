import assert from 'node:assert/strict';
import { redactError } from '../../src/logging/redact-error.ts';

const SECRET = 'thandi@example.com';
const textOf = (error: unknown): string => JSON.stringify(redactError(error));

describe('redactError()', () => {
  it('has the kind, the code and up to five places of an error', () => {
    const { kind, code, at } = Object(redactError(Object.assign(new TypeError(SECRET), { code: 5 })));
    assert.deepEqual([kind, code, at.length], ['TypeError', 5, 5]);
    assert.match(at[0], /^ {4}at .*redact-error\.test\.ts/);
  });

  it('has the places of an error without a text', () => {
    assert.match(Object(redactError(new Error())).at[0], /redact-error\.test\.ts/);
  });

  it('has no line of the text, though it looks like a place', () => {
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

  it('has no places where the text has changed since, and they cannot be told from it', () => {
    const error = new Error(`x\n    at ${SECRET}`);
    assert.ok(error.stack?.includes(SECRET));
    error.message = 'another';
    assert.deepEqual(redactError(error), { kind: 'Error', code: null, at: [] });
  });

  it('has the type of what is no error', () => {
    assert.deepEqual(redactError(SECRET), { kind: 'string' });
  });
});
