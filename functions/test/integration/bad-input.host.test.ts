import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SignedInUser } from 'kb-sessions-testing';
import { type Hosted, startHosted } from '../support/hosted.ts';

const INT64 = 'type.googleapis.com/google.protobuf.Int64Value';

describe('the functions, given invalid input,', () => {
  let hosted: Hosted;
  let owner: SignedInUser;
  const session_id = randomUUID();

  before(async () => {
    hosted = await startHosted();
    owner = await hosted.signIn({ agent: true });
    await hosted.call(owner, 'createSession', { session_id });
  });
  after(() => hosted.stop());

  const message = (fields: object): object => ({ session_id, role: 'user', content: 'hello', ...fields });
  const metadata = (value: unknown): object => message({ metadata: value });
  const nested = (depth: number): object => (depth === 1 ? {} : { deeper: nested(depth - 1) });
  const json = (text: string): unknown => JSON.parse(text);

  const cases: [title: string, call: string, input: unknown, field: string][] = [
    ['an unknown field', 'addMessage', message({ message_count: 7 }), 'message_count'],
    ['a field of the server', 'createSession', { user_id: 'somebody' }, 'user_id'],
    [
      'a field of the server in user_info',
      'createSession',
      { user_info: { status: 'active' } },
      'user_info.status',
    ],
    ['a text as payload', 'getSession', 'session', 'data'],
    ['an array as payload', 'getSession', [session_id], 'data'],
    ['a missing payload', 'getSession', null, 'session_id'],
    ['a number as content', 'addMessage', message({ content: 7 }), 'content'],
    ['an array as content', 'addMessage', message({ content: ['hello'] }), 'content'],
    ['empty content', 'addMessage', message({ content: '' }), 'content'],
    ['blank content', 'addMessage', message({ content: ' \n ' }), 'content'],
    ['content over 32 KB of UTF-8', 'addMessage', message({ content: 'ä'.repeat(16 * 1024 + 1) }), 'content'],
    ['a lone surrogate', 'addMessage', message({ content: 'hello \ud83d' }), 'content'],
    ['NUL', 'addMessage', message({ content: 'hel\0lo' }), 'content'],
    ['a lone surrogate in metadata', 'addMessage', metadata({ intent: '\udc00' }), 'metadata.intent'],
    ['NUL in metadata', 'addMessage', metadata({ more: ['\0'] }), 'metadata.more.0'],
    ['metadata of 5 levels', 'addMessage', metadata(nested(5)), 'metadata.deeper.deeper.deeper.deeper'],
    [
      'metadata over 4 KB',
      'addMessage',
      metadata({ topics: Array.from({ length: 30 }, () => 'x'.repeat(140)) }),
      'metadata',
    ],
    ['metadata that is an array', 'addMessage', metadata(['a']), 'metadata'],
    ['an array in an array', 'addMessage', metadata({ more: [['a']] }), 'metadata.more.0'],
    ['a key with a dot', 'addMessage', metadata({ 'a.b': 1 }), 'metadata'],
    ['a key with a backtick', 'addMessage', metadata({ 'a`b': 1 }), 'metadata'],
    ['a key with a slash', 'addMessage', metadata({ 'a/b': 1 }), 'metadata'],
    ['an empty key', 'addMessage', metadata({ '': 1 }), 'metadata'],
    ['a reserved key', 'addMessage', metadata({ __name__: 1 }), 'metadata'],
    [
      '__proto__ with an object',
      'addMessage',
      json(
        `{"session_id":"${randomUUID()}","role":"user","content":"a","metadata":{"__proto__":{"confidence":1}}}`,
      ),
      'metadata.__proto__',
    ],
    [
      '__proto__ with a text',
      'addMessage',
      json(`{"session_id":"${randomUUID()}","role":"user","content":"a","metadata":{"__proto__":"x"}}`),
      'metadata.__proto__',
    ],
    ['__proto__ at the top', 'getSession', json('{"__proto__":{"session_id":"x"}}'), '__proto__'],
    ['a confidence over 1', 'addMessage', metadata({ confidence: 1.1 }), 'metadata.confidence'],
    ['a confidence that is a text', 'addMessage', metadata({ confidence: '1' }), 'metadata.confidence'],
    [
      'Infinity as an Int64Value',
      'addMessage',
      metadata({ more: { '@type': INT64, value: '1e999' } }),
      'metadata.more',
    ],
    ['NaN as an Int64Value', 'getHistory', { session_id, limit: { '@type': INT64, value: 'x' } }, 'limit'],
    ['Infinity as a number', 'getHistory', json(`{"session_id":"${randomUUID()}","limit":1e999}`), 'limit'],
    ['a limit of 0', 'getHistory', { session_id, limit: 0 }, 'limit'],
    ['a limit of -1', 'listSessions', { limit: -1 }, 'limit'],
    ['a limit of 51', 'getHistory', { session_id, limit: 51 }, 'limit'],
    ['a limit of 1e9', 'listSessions', { limit: 1e9 }, 'limit'],
    ['a limit of 1.5', 'listSessions', { limit: 1.5 }, 'limit'],
    ['a context of 0', 'addMessage', message({ context_limit: 0 }), 'context_limit'],
    ['a context of 51', 'addMessage', message({ context_limit: 51 }), 'context_limit'],
    ['the role system', 'addMessage', message({ role: 'system' }), 'role'],
    ['the role tool', 'addMessage', message({ role: 'tool' }), 'role'],
    ['an empty id', 'getSession', { session_id: '' }, 'session_id'],
    ['a path as an id', 'getSession', { session_id: 's1/messages/m1' }, 'session_id'],
    ['.. as an id', 'getSession', { session_id: '..' }, 'session_id'],
    ['an object as an id', 'getSession', { session_id: { id: session_id } }, 'session_id'],
    ['an array as an id', 'getSession', { session_id: [session_id] }, 'session_id'],
    ['2,000 characters as an id', 'getSession', { session_id: 'a'.repeat(2000) }, 'session_id'],
    [
      'a successor’s id for a new session',
      'createSession',
      { session_id: '6c0f1d0e-3f0b-5c51-9d4c-6f2a1c0a7b52' },
      'session_id',
    ],
    ['a message_id that is no uuid', 'addMessage', message({ message_id: 'm1' }), 'message_id'],
    ['no messages', 'addMessages', { session_id, messages: [] }, 'messages'],
    [
      '11 messages',
      'addMessages',
      { session_id, messages: Array.from({ length: 11 }, () => ({ role: 'user', content: 'a' })) },
      'messages',
    ],
    [
      'a bad message among good ones',
      'addMessages',
      {
        session_id,
        messages: [
          { role: 'user', content: 'a' },
          { role: 'user', content: '' },
        ],
      },
      'messages.1.content',
    ],
    ['a rating of 5', 'submitFeedback', { session_id, message_id: randomUUID(), rating: 5 }, 'rating'],
    ['a cursor of one’s own', 'listSessions', { cursor: 'bm90IG9uZQ' }, 'cursor'],
    ['a status of one’s own', 'listSessions', { status: 'deleted' }, 'status'],
    ['a body over 3 MB', 'addMessage', message({ content: 'a'.repeat(3 * 1024 * 1024 + 1) }), 'data'],
  ];

  for (const [title, call, input, field] of cases) {
    it(`refuse ${call} and name the field: ${title}`, async () => {
      const { result, cost } = await hosted.proxy.meter.measure(() => hosted.refused(owner, call, input));
      assert.equal(result.error.status, 'INVALID_ARGUMENT', result.text);
      assert.equal(result.error.details?.field, field, result.text);
      assert.equal(cost.writes, 0);
    });
  }

  it('store content of exactly 32 KB, and the session contains only that', async () => {
    const content = 'ä'.repeat(16 * 1024);
    const { seq } = await hosted.call(owner, 'addMessage', { session_id, role: 'user', content });
    const { messages } = await hosted.call(owner, 'getHistory', { session_id });
    assert.equal(seq, 1);
    assert.deepEqual(
      messages.map((stored) => stored.content),
      [content],
    );
  });

  it('refuse JSON of 5,000 levels and keep running', async () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const response = await fetch(`http://${hosted.hosts[0]?.address}/sessions/addMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.idToken}` },
      body: `{"data":{"metadata":${deep}}}`,
    });
    assert.match(await response.text(), /INVALID_ARGUMENT/);
    await hosted.call(owner, 'getSession', { session_id });
  });

  it('report a call that does not exist as unimplemented', async () => {
    for (const name of ['dropSessions', 'constructor', '__proto__', '']) {
      assert.equal((await hosted.refused(owner, name, {})).error.status, 'UNIMPLEMENTED');
    }
  });
});
