import assert from 'node:assert/strict';
import { SessionsError, type Settlement } from 'kb-sessions-client';
import { applySettlement, settledTexts } from '../src/settlement.ts';
import { arrived } from './support.ts';

const shown = ['a', 'b', 'c'].map((id) => ({ ...arrived(id, null), feedback: null }));
const bundle = ['a', 'b'].map((message_id) => ({
  message_id,
  role: 'user' as const,
  content: `text ${message_id}`,
}));
const call = { name: 'addMessages', input: { session_id: 's', messages: bundle } } as const;
const durable: Settlement = {
  outcome: 'durable',
  call,
  session_id: 's',
  messages: [
    { message_id: 'a', seq: 1 },
    { message_id: 'b', seq: 2 },
  ],
  recovered: false,
  rolled_over: false,
};
const refused = { outcome: 'refused', error: new SessionsError('failed-precondition', 'no') } as const;
const seqs = (settled: Settlement) =>
  applySettlement(shown, 's', settled).map(({ message_id, seq }) => [message_id, seq]);

describe('settleMessages()', () => {
  it('adds the seq of saved messages', () => {
    assert.deepEqual(seqs(durable), [
      ['a', 1],
      ['b', 2],
      ['c', null],
    ]);
  });

  it('removes messages that were refused or saved in another session', () => {
    assert.deepEqual(seqs({ ...durable, session_id: 'successor' }), [['c', null]]);
    assert.deepEqual(seqs({ ...refused, call }), [['c', null]]);
  });

  it('does not change messages of an unknown settlement', () => {
    assert.equal(seqs({ ...refused, call: null }).length, 3);
    assert.equal(seqs({ ...refused, call: { name: 'createSession', input: { session_id: 's' } } }).length, 3);
  });
});

describe('textsOf()', () => {
  it('returns the texts of one message and of several', () => {
    assert.deepEqual([...settledTexts(durable).values()], ['text a', 'text b']);
    const one = {
      name: 'addMessage',
      input: { session_id: 's', ...bundle[0], message_id: 'a', role: 'user', content: 'text a' },
    } as const;
    assert.deepEqual([...settledTexts({ ...refused, call: one })], [['a', 'text a']]);
    assert.equal(settledTexts({ ...refused, call: null }).size, 0);
  });
});
