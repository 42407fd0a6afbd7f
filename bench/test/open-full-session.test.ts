import assert from 'node:assert/strict';
import { openFullSession, RECENT } from '../load/open-full-session.ts';

interface Asked {
  readonly session_id?: string;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
}

describe('openFullSession()', () => {
  it('opens a session and adds as many messages as its document holds, no more than ten at once', async () => {
    const asked: [call: string, data: Asked][] = [];
    const session_id = await openFullSession(async (call, data) => asked.push([call, data]));
    assert.deepEqual(asked.shift(), ['createSession', { session_id }]);
    const added = asked.map(([call, { session_id: into, messages = [] }]) => {
      assert.deepEqual([call, into], ['addMessages', session_id]);
      assert.ok(messages.length <= 10);
      return messages;
    });
    const all = added.flat();
    assert.equal(all.length, RECENT);
    assert.ok(all.every(({ role, content }) => role === 'user' && content.length === 160));
  });
});
