import assert from 'node:assert/strict';
import { mergeMessages } from '../src/messages.ts';
import { arrived } from './support.ts';

describe('mergeMessages()', () => {
  it('shows each message once, in the order of seq, those without one last', () => {
    const shown = mergeMessages([], [arrived('c', null), arrived('b', 2), arrived('a', 1)]);
    const merged = mergeMessages(shown, [arrived('b', 2), arrived('d', 3)]);
    assert.deepEqual(
      merged.map(({ message_id, seq }) => [message_id, seq]),
      [
        ['a', 1],
        ['b', 2],
        ['d', 3],
        ['c', null],
      ],
    );
  });

  it('learns a seq and never unlearns it', () => {
    const shown = mergeMessages(mergeMessages([], [arrived('a', null)]), [arrived('a', 1)]);
    assert.equal(mergeMessages(shown, [arrived('a', null)])[0]?.seq, 1);
  });

  it('keeps those without a seq in the order they came, until each has one', () => {
    const shown = mergeMessages(
      [arrived('a', 1)].map((one) => ({ ...one, feedback: null })),
      [arrived('c', null), arrived('b', null)],
    );
    const ids = (messages: { message_id: string }[]) => messages.map(({ message_id }) => message_id).join('');
    assert.equal(ids(shown), 'acb');
    assert.equal(ids(mergeMessages(shown, [arrived('d', 2)])), 'adcb');
    assert.equal(ids(mergeMessages(shown, [arrived('b', 2), arrived('c', 3)])), 'abc');
  });

  it('keeps a rating that the arriving form does not carry', () => {
    const shown = mergeMessages([], [{ ...arrived('a', 1), feedback: 'positive' }]);
    assert.equal(mergeMessages(shown, [arrived('a', 1)])[0]?.feedback, 'positive');
  });

  it("leaves out a predecessor's messages", () => {
    assert.deepEqual(mergeMessages([], [arrived('a', -1)]), []);
  });
});
