import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { SessionError } from '../../index.ts';
import { type AcceptResult, type Entry, type Journal, keyName } from '../../journal/journal.ts';
import { newMessage } from '../actor.ts';
import { testSize } from '../test-size.ts';
import { appending, creation } from './entries.ts';
import { forget } from './forget.ts';
import type { JournalContract } from './journal-harness.ts';
import { JournalModel } from './journal-model.ts';

const BOUNDS = { entries: 4, bytes: 2000, perOwner: { entries: 3, bytes: 1500 } };
const SESSIONS = [randomUUID(), randomUUID()];
const OWNERS = ['ann', 'bob'];
const LINES = OWNERS.flatMap((owner) => SESSIONS.map((session_id) => ({ owner, session_id })));
const MESSAGE_IDS = Array.from({ length: 8 }, () => randomUUID());

const line = fc.constantFrom(...LINES);
const message = fc
  .record({ message_id: fc.constantFrom(...MESSAGE_IDS), content: fc.constantFrom('one', 'two') })
  .map((given) => newMessage(given));
const messages = fc.uniqueArray(message, {
  selector: ({ message_id }) => message_id,
  minLength: 1,
  maxLength: 3,
});
const entry = fc.oneof(
  line.map((on) => creation(on)),
  fc.tuple(line, messages).map(([on, given]) => appending(on, given)),
);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('accept'), entry }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle'), line, refuse: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('take'), entry }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget'), owner: fc.constantFrom(...OWNERS) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

const outcomeOf = async (accepting: Promise<AcceptResult>): Promise<string> => {
  try {
    return (await accepting).isNew ? 'new' : 'held';
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return error.code;
  }
};

/** Runs a step on the journal and on the model, and compares them. Returns the outcome in a word. */
const take = async (
  journal: Journal,
  isComplete: boolean,
  model: JournalModel,
  step: Step,
): Promise<string> => {
  if ('refuse' in step) return settle(journal, model, step);
  if ('owner' in step) {
    const expected = model.forget(step.owner);
    await forget({ journal, isComplete }, step.owner, expected);
    return expected > 0 ? 'forgotten' : 'nothing to forget';
  }
  const { operation, entry_id } = step.entry;
  if (step.kind === 'accept') {
    const expected = model.accept(step.entry);
    assert.equal(await outcomeOf(journal.accept(step.entry)), expected);
    return expected;
  }
  const expected = model.takeOff(operation, entry_id);
  assert.equal(await journal.remove(operation, entry_id), expected);
  return `taken off: ${expected}`;
};

const settle = async (
  journal: Journal,
  model: JournalModel,
  { line, refuse }: Extract<Step, { refuse: boolean }>,
): Promise<string> => {
  const [expected = null] = model.waiting(line);
  const next = await journal.next(line);
  assert.deepEqual(next, expected);
  if (!next) return 'nothing';
  const { entry_id } = next;
  const reason = refuse ? 'failing' : undefined;
  const left = reason ? journal.refuse(line, entry_id, reason) : journal.remove(line, entry_id);
  assert.equal(await left, model.takeOff(line, entry_id, reason));
  return reason ?? 'durable';
};

const assertSame = async (journal: Journal, model: JournalModel, entries: Entry[]) => {
  assert.deepEqual(await journal.size(), model.size());
  assert.deepEqual((await journal.pendingSessions(10)).map(keyName), model.lines());
  for (const one of LINES) {
    assert.deepEqual(await journal.pending(one), model.waiting(one));
  }
  const refusals = await Promise.all(entries.map(({ operation }) => journal.refusal(operation)));
  assert.deepEqual(
    refusals,
    entries.map(({ operation }) => model.refusal(operation)),
  );
};

/** The outcomes that the random steps must reach; otherwise they test too little. */
const WORTH_SEEING = [
  'already-exists',
  'durable',
  'failing',
  'forgotten',
  'held',
  'new',
  'nothing',
  'nothing to forget',
  'taken off: false',
  'taken off: true',
  'unavailable',
];

export const modelContract: JournalContract = (open) =>
  describe('compared with a model,', () => {
    it('gives the same answers in every random run', async () => {
      const seen = new Set<string>();
      const property = fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        const harness = await open(BOUNDS);
        const model = new JournalModel(BOUNDS);
        const journals = [harness.journal, harness.peer ?? harness.journal];
        for (const [index, one] of steps.entries())
          seen.add(await take(journals[index % 2] ?? harness.journal, harness.isComplete, model, one));
        const entries = steps.flatMap((one) => ('entry' in one ? [one.entry] : []));
        await assertSame(harness.journal, model, entries);
      });
      await fc.assert(property, { numRuns: testSize({ test: 30, soak: 500 }) });
      assert.deepEqual([...seen].toSorted(), WORTH_SEEING);
    });
  });
