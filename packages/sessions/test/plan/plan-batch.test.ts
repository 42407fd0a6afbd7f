import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expireIfDue } from '../../src/lifecycle.ts';
import { planAppend } from '../../src/plan/append.ts';
import { planEnd } from '../../src/plan/end.ts';
import { planEscalate } from '../../src/plan/escalate.ts';
import { planBatch } from '../../src/plan/plan-batch.ts';
import type { Planner } from '../../src/plan/types.ts';
import { messageIdTakenError, sessionExpiredError, sessionNotFoundError } from '../../src/session-errors.ts';
import type { AppendResult, NewMessage, WithoutAck } from '../../src/session-store.ts';
import { newMessage, newMessages } from '../../src/testing/actor.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { AT, partialView, together, viewOf, wanted } from '../fixtures/plans.ts';
import { STRANGER, sessionOf } from '../fixtures/records.ts';

const session = sessionOf();
const FULL = SMALL_LIMITS.messagesPerSession;

const append =
  (messages: NewMessage[], owner = wanted('').owner): Planner<WithoutAck<AppendResult>> =>
  (view, at) =>
    planAppend(
      view,
      { ...wanted(session.session_id), owner, messages, context_limit: null, replay: false },
      at,
    );

describe('planBatch()', () => {
  it('numbers the messages of all operations consecutively in one state of the session', () => {
    const bundle = together(viewOf([session]), [append(newMessages(2)), append(newMessages(1))]);
    assert.deepEqual(
      bundle.messages.map(({ seq }) => seq),
      [1, 2, 3],
    );
    assert.deepEqual(
      bundle.sessions.map(({ message_seq }) => message_seq),
      [3],
    );
  });

  it('ignores a refused operation at any position', () => {
    const accepted = Array.from({ length: 4 }, () => append([newMessage()]));
    const alone = together(viewOf([session]), accepted);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 4 }), { maxLength: 4 }), (places) => {
        const mixed = [...accepted];
        for (const place of places) mixed.splice(place, 0, append([newMessage()], STRANGER));
        const { outcomes, ...writes } = together(viewOf([session]), mixed);
        const { outcomes: outcomesAlone, ...writesAlone } = alone;
        assert.deepEqual(writes, writesAlone);
        assert.deepEqual(
          outcomes.filter(({ ok }) => ok),
          outcomesAlone,
        );
        const refused = outcomes.filter(({ ok }) => !ok);
        assert.deepEqual(refused, Array(places.length).fill({ ok: false, error: sessionNotFoundError() }));
      }),
    );
  });

  it('combines the reads of several operations that need no intermediate read', () => {
    const over = { ...session, status: 'ended', end_reason: 'user' } as const;
    const [one, two] = [newMessage(), newMessages(2)];
    const bundle = planBatch(
      partialView({ [session.session_id]: over }),
      [append([one]), append([newMessage()], STRANGER), append(two), append([one])],
      AT,
    );
    assert.equal(bundle.kind, 'load-messages');
    const wantedIds = bundle.kind === 'load-messages' ? bundle.message_ids : [];
    assert.equal(new Set(wantedIds).size, wantedIds.length);
    for (const { message_id } of [one, ...two]) assert.ok(wantedIds.includes(message_id));
  });

  it('stores a message once that occurs twice and returns equal answers', () => {
    const message = newMessage();
    const bundle = together(viewOf([session]), [
      append([message]),
      append([newMessage()]),
      append([{ ...message, metadata: {} }]),
    ]);
    assert.deepEqual(bundle.outcomes[2], bundle.outcomes[0]);
    assert.equal(bundle.messages.length, 2);
    assert.equal(bundle.sessions[0]?.message_seq, 2);
  });

  it('stores the first of two messages with one id and refuses the second', () => {
    const message = newMessage();
    const other = append([{ ...message, content: 'something else' }]);
    const bundle = together(viewOf([session]), [append([message]), other, append([newMessage()])]);
    assert.deepEqual(bundle.outcomes[1], { ok: false, error: messageIdTakenError() });
    assert.deepEqual(
      bundle.messages.map(({ seq, content }) => [seq, content]),
      [
        [1, message.content],
        [2, newMessage().content],
      ],
    );
  });

  it('rolls over within a batch and sends later operations to the successor', () => {
    const nearlyFull = { ...session, message_seq: FULL - 1 };
    const bundle = together(
      viewOf([nearlyFull]),
      Array.from({ length: 3 }, () => append([newMessage()])),
    );
    assert.deepEqual(
      bundle.messages.map(({ seq }) => seq),
      [FULL, 1, 2],
    );
    assert.deepEqual(
      bundle.sessions.map(({ message_seq, status }) => [message_seq, status]),
      [
        [FULL, 'ended'],
        [2, 'active'],
      ],
    );
  });

  it('adds up the escalations of its operations', () => {
    const escalate: Planner<unknown> = (view, at) =>
      planEscalate(view, { ...wanted(session.session_id), reason: null }, at);
    assert.equal(together<unknown>(viewOf([session]), [escalate, escalate]).escalations, 1);
  });

  it('shows the end of the session to later operations', () => {
    const end: Planner<unknown> = (view, at) => planEnd(view, wanted(session.session_id), at);
    const bundle = together<unknown>(viewOf([session]), [end, append([newMessage()])]);
    assert.deepEqual(
      bundle.outcomes.map(({ ok }) => ok),
      [true, false],
    );
    assert.deepEqual(bundle.messages, []);
  });

  it('writes an expiry that a refused operation detected once', () => {
    const later = { ...AT, now: AT.now + SMALL_LIMITS.idleTimeoutMs };
    const refused = [append([newMessage()]), append([newMessage()])];
    const { outcomes, sessions } = together(viewOf([session]), refused, later);
    assert.deepEqual(outcomes, Array(2).fill({ ok: false, error: sessionExpiredError() }));
    assert.deepEqual(sessions, [expireIfDue(session, later.now, SMALL_LIMITS)]);
  });

  it('requests the reads of its operations', () => {
    const bundle = planBatch(partialView({}), [append([newMessage()])], AT);
    assert.deepEqual(bundle, { kind: 'load', session_id: session.session_id });
  });
});
