import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { SessionError } from 'kb-sessions';
import { type CallName, contract } from 'kb-sessions-contract';
import { CONTENT_MAX_BYTES } from 'kb-sessions-contract/records';
import { parsePayload } from '../../src/callables/parse-payload.ts';

const session_id = randomUUID();
const message = { session_id, role: 'user', content: 'hello' };

const refusalOf = (name: CallName, data: unknown): SessionError => {
  try {
    parsePayload(contract[name].input, data);
  } catch (error) {
    if (error instanceof SessionError) return error;
    throw error;
  }
  return assert.fail(`${name} took ${JSON.stringify(data)}`);
};

const assertRefused = (name: CallName, data: unknown, field: string) => {
  const { code, details, message } = refusalOf(name, data);
  assert.deepEqual({ code, details }, { code: 'invalid-argument', details: { field } });
  assert.ok(message.startsWith(`${field} `), message);
};

describe('parsePayload()', () => {
  it('fills in defaults and keeps the given fields', () => {
    const parsed = parsePayload(contract.getHistory.input, { session_id });
    assert.deepEqual(parsed, { session_id, limit: 20, full: false });
  });

  it('treats a missing payload as an empty one', () => {
    for (const nothing of [null, undefined]) {
      assert.deepEqual(parsePayload(contract.createSession.input, nothing), { replay: false });
    }
    assertRefused('getSession', null, 'session_id');
  });

  it('refuses a payload that is not an object', () => {
    for (const data of ['text', 1, true, []]) assertRefused('createSession', data, 'data');
  });

  it('names an unknown field, on every level', () => {
    assertRefused('getSession', { session_id, admin: true }, 'admin');
    assertRefused('createSession', { user_info: { role: 'admin' } }, 'user_info.role');
    const { session_id: _id, ...one } = message;
    assertRefused('addMessages', { session_id, messages: [one, { ...one, seq: 1 }] }, 'messages.1.seq');
  });

  for (const limit of [0, -1, 51, 1e9, Number.NaN, Number.POSITIVE_INFINITY, 1.5, '20', null, [20]]) {
    it(`refuses a limit of ${JSON.stringify(limit)} (${String(limit)})`, () => {
      assertRefused('getHistory', { session_id, limit }, 'limit');
      assertRefused('listSessions', { limit }, 'limit');
      assertRefused('getActiveSessions', { limit }, 'limit');
      assertRefused('addMessage', { ...message, context_limit: limit }, 'context_limit');
    });
  }

  it('accepts a limit from 1 to 50', () => {
    for (const limit of [1, 50]) {
      assert.equal(parsePayload(contract.getHistory.input, { session_id, limit }).limit, limit);
    }
  });

  const badMessages: [string, object, string][] = [
    ['an unknown role', { role: 'system' }, 'role'],
    ['empty content', { content: '' }, 'content'],
    ['blank content', { content: ' \n' }, 'content'],
    ['content over 32 KB of UTF-8', { content: `${'ä'.repeat(CONTENT_MAX_BYTES / 2)}a` }, 'content'],
    ['content with NUL', { content: 'a\0' }, 'content'],
    ['content with a lone surrogate', { content: 'a\ud800' }, 'content'],
    ['content that is not text', { content: { text: 'a' } }, 'content'],
    ['a session_id that is not a UUID', { session_id: 'kb_sessions/1' }, 'session_id'],
    ['a session_id with a path', { session_id: `${session_id}/x` }, 'session_id'],
    ['a message_id that is not a UUID', { message_id: '1' }, 'message_id'],
    ['a message_id that is not random', { message_id: '6af8b3e6-5032-5475-8f14-81311d5cdec7' }, 'message_id'],
    ['recover that is not a boolean', { recover: 'true' }, 'recover'],
    ['metadata with a refused key', { metadata: { own: { 'a.b': 1 } } }, 'metadata.own'],
    ['metadata with Infinity', { metadata: { confidence: Number.POSITIVE_INFINITY } }, 'metadata.confidence'],
    ['an empty user_id', { user_id: '' }, 'user_id'],
  ];
  for (const [what, fields, field] of badMessages) {
    it(`names ${field} for ${what}`, () => {
      assertRefused('addMessage', { ...message, ...fields }, field);
    });
  }

  it('refuses 0 messages, 11 messages and a repeated message_id', () => {
    const { session_id: _id, ...one } = message;
    const twice = Array(2).fill({ ...one, message_id: randomUUID() });
    for (const messages of [[], Array(11).fill(one), twice]) {
      assertRefused('addMessages', { session_id, messages }, 'messages');
    }
    assert.equal(
      parsePayload(contract.addMessages.input, { session_id, messages: Array(10).fill(one) }).messages.length,
      10,
    );
  });

  it('refuses a session_id for a new session that has the form of a successor id', () => {
    assertRefused('createSession', { session_id: '6af8b3e6-5032-5475-8f14-81311d5cdec7' }, 'session_id');
  });
});

describe('parsePayload(), given inherited properties,', () => {
  it('refuses known and unknown ones on every level', () => {
    for (const inherited of [{ session_id }, { admin: true }, {}]) {
      assertRefused('getSession', Object.assign(Object.create(inherited), { session_id }), '__proto__');
      const user_info: unknown = Object.create(inherited);
      assertRefused('createSession', { user_info }, 'user_info.__proto__');
    }
  });

  it('accepts a payload without a prototype', () => {
    const data = Object.assign(Object.create(null), { session_id });
    assert.equal(parsePayload(contract.getSession.input, data).session_id, session_id);
  });
});

describe('parsePayload(), given random payloads,', () => {
  const CANARY = 'cAnArY7391';
  const name = fc.constantFrom(...(Object.keys(contract) as CallName[]));
  /** Values that hold the canary or are the canary, under names that calls have and others. */
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.string().map((text) => text + CANARY),
      fc.constant(CANARY),
      fc.constantFrom<unknown>(Number.NaN, -7391, 7391.5, null, true),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...fieldNames()), tie('any'), { maxKeys: 5 }),
    ),
  })).any;

  it('never repeats a value in its error and names a field in one short line', () => {
    fc.assert(
      fc.property(name, value, (call, data) => {
        try {
          parsePayload(contract[call].input, data);
        } catch (error) {
          assert.ok(error instanceof SessionError);
          const shown = JSON.stringify([error.message, error.details]);
          assert.ok(!shown.includes(CANARY) && !shown.includes('7391'), shown);
          assert.equal(typeof error.details.field, 'string');
          assert.ok(error.message.length <= 300 && !error.message.includes('\n'));
        }
      }),
      { numRuns: 3000 },
    );
  });
});

/** Every field name of the contract, and some that it does not have. */
function fieldNames(): string[] {
  const known = Object.values(contract).flatMap(({ input }) => Object.keys(input.shape));
  return [...new Set([...known, 'confidence', 'topics', 'company', 'user_email', 'unknown', 'a.b', '__x__'])];
}
