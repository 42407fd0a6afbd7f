import assert from 'node:assert/strict';
import { mergeMessages } from '../src/messages.ts';
import { arrived } from './support.ts';

describe('mergeMessages()', () => {
  it('returns each message once, in the order of seq, with pending ones last', () => {
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

  it('adds a seq and never removes it', () => {
    const shown = mergeMessages(mergeMessages([], [arrived('a', null)]), [arrived('a', 1)]);
    assert.equal(mergeMessages(shown, [arrived('a', null)])[0]?.seq, 1);
  });

  it('keeps pending messages in their order of arrival until each has a seq', () => {
    const shown = mergeMessages(
      [arrived('a', 1)].map((one) => ({ ...one, feedback: null })),
      [arrived('c', null), arrived('b', null)],
    );
    const ids = (messages: { message_id: string }[]) => messages.map(({ message_id }) => message_id).join('');
    assert.equal(ids(shown), 'acb');
    assert.equal(ids(mergeMessages(shown, [arrived('d', 2)])), 'adcb');
    assert.equal(ids(mergeMessages(shown, [arrived('b', 2), arrived('c', 3)])), 'abc');
  });

  it('keeps a rating that the new form of a message lacks', () => {
    const shown = mergeMessages([], [{ ...arrived('a', 1), feedback: 'positive' }]);
    assert.equal(mergeMessages(shown, [arrived('a', 1)])[0]?.feedback, 'positive');
  });

  it('omits the messages of a predecessor', () => {
    assert.deepEqual(mergeMessages([], [arrived('a', -1)]), []);
  });
});
