import assert from 'node:assert/strict';
import { answerTo } from '../../src/demo/answers.ts';

describe('answerTo()', () => {
  for (const [question, beginning] of [
    ['What does erf size mean?', 'The erf size is'],
    ['who keeps the TITLE DEED', 'The title deed is'],
    ['Do I pay transfer duty?', 'Transfer duty is'],
    ['what are levies for', 'With a sectional title'],
  ] as const)
    it(`returns an answer to: ${question}`, () => {
      const { content, confidence } = answerTo(question);
      assert(content.startsWith(beginning), content);
      assert(confidence > 0.5 && confidence <= 1);
    });

  it('admits that it has no answer to an unknown question', () => {
    const { content, confidence, collections_used } = answerTo('Will the perfect weather elevate prices?');
    assert.match(content, /^I do not know that\./);
    assert.equal(confidence, 0.1);
    assert.deepEqual(collections_used, []);
  });
});
