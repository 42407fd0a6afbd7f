import assert from 'node:assert/strict';
import { conversation, say } from '../content.ts';

describe('say()', () => {
  it('makes questions of 160 characters and answers of 640', () => {
    assert.equal(say('user').content.length, 160);
    assert.equal(say('assistant').content.length, 640);
  });

  it('says nothing twice', () => {
    const said = Array.from({ length: 100 }, () => say('user'));
    assert.equal(new Set(said.map(({ id }) => id)).size, 100);
    assert.equal(new Set(said.map(({ content }) => content)).size, 100);
  });
});

describe('conversation()', () => {
  it('holds questions and answers in turn', () => {
    const roles = conversation(5).map(({ role }) => role);
    assert.deepEqual(roles, ['user', 'assistant', 'user', 'assistant', 'user']);
    assert.deepEqual(conversation(0), []);
  });
});
