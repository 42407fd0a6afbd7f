import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { parsePayload } from '../src/callables/parse-payload.ts';
import { type CallName, contract } from '../src/contract.ts';
import { SessionError } from '../src/session/index.ts';
import { CONTENT_MAX_BYTES } from '../src/session/records.ts';

const session_id = randomUUID();
const message = { session_id, role: 'user', content: 'hello' };

/** The error of a payload as it comes out of JSON, and as firebase-functions copies it. */
const refusalOf = (name: CallName, data: unknown, wire: unknown = data): SessionError => {
  try {
    parsePayload(contract[name].input, data, wire);
  } catch (error) {
    if (error instanceof SessionError) return error;
    throw error;
  }
  return assert.fail(`${name} took ${JSON.stringify(data)}`);
};

const assertRefused = (name: CallName, data: unknown, field: string) => {
  const { code, details, message } = refusalOf(name, data);
  assert.deepEqual({ code, details }, { code: 'invalid-argument', details: { field } });
  assert.ok(message.startsWith(`${field || 'data'} `), message);
};

describe('parsePayload()', () => {
  it('fills in defaults and keeps what was sent', () => {
    const parsed = parsePayload(contract.getHistory.input, { session_id });
    assert.deepEqual(parsed, { session_id, limit: 20, full: false });
  });

  it('takes a missing payload for an empty one', () => {
    for (const nothing of [null, undefined]) {
      assert.deepEqual(parsePayload(contract.createSession.input, nothing), {});
    }
    assertRefused('getSession', null, 'session_id');
  });

  it('refuses a payload that is no object', () => {
    for (const data of ['text', 1, true, []]) assertRefused('createSession', data, '');
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

  it('takes a limit from 1 to 50', () => {
    for (const limit of [1, 50]) {
      assert.equal(parsePayload(contract.getHistory.input, { session_id, limit }).limit, limit);
    }
  });

  const badMessages: [string, object, string][] = [
    ['a role that is none', { role: 'system' }, 'role'],
    ['empty content', { content: '' }, 'content'],
    ['blank content', { content: ' \n' }, 'content'],
    ['content over 32 KB of UTF-8', { content: `${'ä'.repeat(CONTENT_MAX_BYTES / 2)}a` }, 'content'],
    ['content with NUL', { content: 'a\0' }, 'content'],
    ['content with a lone surrogate', { content: 'a\ud800' }, 'content'],
    ['content that is no text', { content: { text: 'a' } }, 'content'],
    ['a session_id that is no uuid', { session_id: 'kb_sessions/1' }, 'session_id'],
    ['a session_id with a path', { session_id: `${session_id}/x` }, 'session_id'],
    ['a message_id that is no uuid', { message_id: '1' }, 'message_id'],
    ['a message_id that is not random', { message_id: '6af8b3e6-5032-5475-8f14-81311d5cdec7' }, 'message_id'],
    ['recover that is no boolean', { recover: 'true' }, 'recover'],
    ['metadata with a refused key', { metadata: { own: { 'a.b': 1 } } }, 'metadata.own'],
    ['metadata with Infinity', { metadata: { confidence: Number.POSITIVE_INFINITY } }, 'metadata.confidence'],
    ['an empty user_id', { user_id: '' }, 'user_id'],
  ];
  for (const [what, fields, field] of badMessages) {
    it(`names ${field} for ${what}`, () => {
      assertRefused('addMessage', { ...message, ...fields }, field);
    });
  }

  it('refuses 0 and 11 messages at once, and one message_id twice', () => {
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

  it('refuses a session_id for a new session that could be the id of a successor', () => {
    assertRefused('createSession', { session_id: '6af8b3e6-5032-5475-8f14-81311d5cdec7' }, 'session_id');
  });
});

/** What firebase-functions makes of a payload: it copies each key by assignment (common/providers/https.ts, decode). */
const copiedByAssignment = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copiedByAssignment);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) copy[key] = copiedByAssignment(item);
  return copy;
};

describe('parsePayload() of inherited properties', () => {
  const smuggled = [
    ['__proto__', '{"__proto__": {"session_id": "ID"}}'],
    ['__proto__', '{"__proto__": {"admin": true}, "session_id": "ID"}'],
    ['__proto__', '{"__proto__": {}, "session_id": "ID"}'],
    ['__proto__', '{"__proto__": null, "session_id": "ID"}'],
    ['__proto__', '{"__proto__": "text", "session_id": "ID"}'],
    ['user_info.__proto__', '{"user_info": {"__proto__": {"company": "x"}}}'],
    ['messages.0.__proto__', '{"session_id": "ID", "messages": [{"__proto__": {"role": "user"}}]}'],
    ['messages.0.metadata.a.__proto__', '{"messages": [{"metadata": {"a": {"__proto__": {"b": 1}}}}]}'],
  ] as const;
  for (const [field, json] of smuggled) {
    it(`refuses ${json}`, () => {
      const wire: unknown = JSON.parse(json.replace('ID', session_id));
      for (const data of [wire, copiedByAssignment(wire)]) {
        const { code, details } = refusalOf('getSession', data, wire);
        assert.deepEqual({ code, details }, { code: 'invalid-argument', details: { field } });
      }
    });
  }

  it('refuses an inherited property without seeing the wire', () => {
    const data = copiedByAssignment(JSON.parse(`{"__proto__": {"session_id": "${session_id}"}}`));
    assert.equal(refusalOf('getSession', data).details.field, '__proto__');
    class Payload {
      session_id = session_id;
    }
    assert.equal(refusalOf('getSession', new Payload()).details.field, '__proto__');
  });

  it('takes a payload without a prototype', () => {
    const data = Object.assign(Object.create(null), { session_id });
    assert.equal(parsePayload(contract.getSession.input, data).session_id, session_id);
  });

  it('refuses what is nested without end before it overflows', () => {
    let deep: unknown = {};
    for (let level = 0; level < 100_000; level += 1) deep = level % 2 ? [deep] : { in: deep };
    assert.equal(refusalOf('createSession', { user_info: deep }).code, 'invalid-argument');
  });
});

describe('parsePayload() of anything', () => {
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

  it('never repeats a value in its error, and names a field in one short line', () => {
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
