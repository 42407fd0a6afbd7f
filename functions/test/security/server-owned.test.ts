import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SessionError } from 'kb-sessions';
import { type CallName, contract } from 'kb-sessions-contract';
import { messageSchema, sessionSchema } from 'kb-sessions-contract/records';
import { parsePayload } from '../../src/callables/parse-payload.ts';
import { validInputs } from '../hostile/valid-inputs.ts';

const names = Object.keys(contract) as CallName[];
const inputs = validInputs(randomUUID(), randomUUID());
const stored = [...Object.keys(sessionSchema.shape), ...Object.keys(messageSchema.shape)];

/** A payload of the call with one field more, at the place that `path` names. */
const withField = (name: CallName, path: string[], field: string): unknown => {
  const payload = structuredClone(inputs[name]);
  const place = path.reduce<unknown>((part, key) => Reflect.get(Object(part), key), payload);
  Object.assign(Object(place), { [field]: 1 });
  return payload;
};

const fieldRefused = (name: CallName, payload: unknown): string | undefined => {
  try {
    parsePayload(contract[name].input, payload);
  } catch (error) {
    if (error instanceof SessionError && error.code === 'invalid-argument') return error.details.field;
    throw error;
  }
  return undefined;
};

describe('the server-owned fields of a record', () => {
  for (const name of names) {
    it(`are refused by ${name}`, () => {
      const own = Object.keys(contract[name].input.shape);
      const others = stored.filter((field) => !own.includes(field));
      assert.ok(others.length > 10);
      for (const field of others) assert.equal(fieldRefused(name, withField(name, [], field)), field);
    });
  }

  it('are refused in user data', () => {
    const others = stored.filter((field) => !Object.hasOwn(inputs.createSession.user_info ?? {}, field));
    for (const field of others) {
      const payload = withField('createSession', ['user_info'], field);
      assert.equal(fieldRefused('createSession', payload), `user_info.${field}`);
    }
  });

  it('are refused in each of several messages', () => {
    const others = stored.filter((field) => !Object.hasOwn(inputs.addMessages.messages[0] ?? {}, field));
    for (const field of others) {
      const payload = withField('addMessages', ['messages', '1'], field);
      assert.equal(fieldRefused('addMessages', payload), `messages.1.${field}`);
    }
  });
});
