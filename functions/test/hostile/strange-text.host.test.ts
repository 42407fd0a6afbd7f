import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { CallInput } from 'kb-sessions-contract';
import type { SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { callsIn, linesIn } from '../support/log-lines.ts';
import { INJECTIONS } from './injections.ts';

const SEED = Number(process.env.HOSTILE_SEED ?? randomInt(2 ** 31));
const TEXTS = 200;
const AT_ONCE = 10;

type Message = CallInput<'addMessages'>['messages'][number];

const STRANGE = [
  ...INJECTIONS.filter((text) => text.trim() !== ''),
  `Z${'\u0351'.repeat(5000)}algo`,
  '\u202eright to left\u202c \u2066isolated\u2069 \u200f',
  'שלום עולם مرحبا',
  'e\u0301 is not \u00e9',
  '\u200b\u200d\ufeff\u00ad\u2028\u2029\u0085',
  '\ufffe\uffff\u{1ffff}\u{10ffff}',
  '👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  '\u0001\u0008\u001b[31m\u007f',
  'Ω'.repeat(16 * 1024),
];

const message = (text: string): Message => ({
  role: 'user',
  content: text,
  message_id: randomUUID(),
  metadata: { intent: text.slice(0, 20).toWellFormed(), constructor: text.slice(0, 20).toWellFormed() },
});

describe('the functions, given unusual but well-formed text,', () => {
  let hosted: Hosted;
  let owner: SignedInUser;

  before(async () => {
    console.log(`      HOSTILE_SEED=${SEED}`);
    hosted = await startHosted();
    owner = await hosted.signIn();
  });
  after(() => hosted.stop());

  const storedAsSent = async (messages: Message[]): Promise<void> => {
    const { session_id } = await hosted.call(owner, 'createSession', {});
    await hosted.call(owner, 'addMessages', { session_id, messages });
    const stored = await hosted.call(owner, 'getHistory', { session_id, full: true, limit: AT_ONCE });
    const sent = messages.map(({ message_id, content, metadata }) => ({ message_id, content, metadata }));
    assert.deepEqual(
      stored.messages.map((one) => ({
        message_id: one.message_id,
        content: one.content,
        metadata: 'metadata' in one ? one.metadata : null,
      })),
      // As JSON has it: -0 is 0.
      JSON.parse(JSON.stringify(sent)),
    );
  };

  const inTens = async (messages: Message[]): Promise<void> => {
    for (let start = 0; start < messages.length; start += AT_ONCE) {
      await storedAsSent(messages.slice(start, start + AT_ONCE));
    }
  };

  it('store and return it in messages and metadata, and log one line per call', async () => {
    await inTens(STRANGE.map(message));
    const calls = 3 * Math.ceil(STRANGE.length / AT_ONCE);
    const log = await eventually(
      () => hosted.hosts[0]?.output() ?? '',
      (text) => callsIn(text).length >= calls,
    );
    const lines = log.slice(log.indexOf('{')).trim().split('\n');
    assert.equal(linesIn(log).length, lines.length, 'every line is JSON');
    assert.equal(callsIn(log).length, calls);
  });

  it(`store and return ${TEXTS} random texts`, () =>
    inTens(
      fc
        .sample(fc.string({ unit: 'binary', size: 'medium' }), { numRuns: TEXTS, seed: SEED })
        .map((text) => message(`x${text.replaceAll('\0', '')}`)),
    ));

  it('store and return unusual numbers', async () => {
    const numbers = [-0, 5e-324, 1.7976931348623157e308, 2 ** 53, -(2 ** 63), 2 ** 64, 0.1 + 0.2];
    await storedAsSent([{ ...message('numbers'), metadata: { numbers } }]);
  });

  it('store and return it in user data, a reason and a comment', async () => {
    for (const text of STRANGE) {
      const company = text.slice(0, 20).toWellFormed();
      const { session_id } = await hosted.call(owner, 'createSession', { user_info: { company } });
      const { session } = await hosted.call(owner, 'getSession', { session_id });
      assert.equal(session.company, company);
    }
    const [comment = ''] = STRANGE;
    const { session_id } = await hosted.call(owner, 'createSession', {});
    const { message_id } = await hosted.call(owner, 'addMessage', {
      session_id,
      role: 'user',
      content: 'hello',
    });
    await hosted.call(owner, 'submitFeedback', { session_id, message_id, rating: 'negative', comment });
    await hosted.call(owner, 'escalateSession', { session_id, reason: comment });
    const { messages } = await hosted.call(owner, 'getHistory', { session_id, full: true });
    assert.ok(messages[0] && 'feedback_comment' in messages[0]);
    assert.equal(messages[0].feedback_comment, comment);
  });
});
