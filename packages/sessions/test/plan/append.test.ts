import assert from 'node:assert/strict';
import { messageSchema, type Session, sessionSchema } from 'kb-sessions-contract/records';
import { rollOver, terminate } from '../../src/lifecycle.ts';
import { planAppend } from '../../src/plan/append.ts';
import { type ReadView, refuse } from '../../src/plan/types.ts';
import { messageIdTakenError, sessionContinuedError, sessionEndedError } from '../../src/session-errors.ts';
import type { AppendOperation } from '../../src/session-store.ts';
import { successorId } from '../../src/successor-id.ts';
import { newMessage, newMessages } from '../../src/testing/actor.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { AT, partialView, viewOf, wanted } from '../fixtures/plans.ts';
import { messageOf, OWNER, recentOf, START, STRANGER, sessionOf } from '../fixtures/records.ts';

const FULL = SMALL_LIMITS.messagesPerSession;

const appending = (session_id: string, fields: Partial<AppendOperation> = {}): AppendOperation => ({
  ...wanted(session_id),
  messages: [newMessage()],
  context_limit: null,
  replay: false,
  ...fields,
});

const applied = (view: ReadView, operation: AppendOperation, at = AT) => {
  const plan = planAppend(view, operation, at);
  if (plan.kind !== 'apply') assert.fail(`expected a plan to apply, found ${JSON.stringify(plan)}`);
  return plan;
};

const only = (sessions: Session[]): Session => {
  const [session, ...others] = sessions;
  assert.deepEqual(others, []);
  return session ?? assert.fail('expected a session');
};

describe('planAppend()', () => {
  it('numbers messages in order after those of the session and adds them to recent', () => {
    const before = sessionOf({ message_seq: 3, recent: recentOf(1, 3) });
    const messages = newMessages(2);
    const plan = applied(viewOf([before]), appending(before.session_id, { messages }));
    assert.deepEqual(
      plan.messages.map(({ message_id, seq }) => [message_id, seq]),
      messages.map(({ message_id }, index) => [message_id, index + 4]),
    );
    const after = only(plan.sessions);
    assert.equal(after.message_seq, 5);
    assert.deepEqual(
      after.recent.map(({ seq }) => seq),
      [2, 3, 4, 5],
    );
    assert.equal(after.last_activity, '2026-03-01T10:00:01.000Z');
    assert.equal(after.message_count, 0);
  });

  it('returns uncounted records that belong to the owner for any writer', () => {
    const before = sessionOf();
    const message = newMessage({ role: 'assistant', metadata: { confidence: 0.5 } });
    const plan = applied(viewOf([before]), appending(before.session_id, { messages: [message] }));
    for (const made of plan.messages) assert.deepEqual(messageSchema.parse(made), made);
    for (const made of plan.sessions) assert.deepEqual(sessionSchema.parse(made), made);
    const [stored] = plan.messages;
    assert.equal(stored?.user_id, OWNER);
    assert.equal(stored?.uncounted, true);
    assert.equal(stored?.purge_at, before.purge_at);
  });

  it('never gives a message an earlier time than its predecessor', () => {
    const before = sessionOf({ last_activity: '2026-03-01T10:00:05.000Z' });
    const plan = applied(viewOf([before]), appending(before.session_id));
    assert.equal(plan.messages[0]?.created_at, '2026-03-01T10:00:05.000Z');
  });

  it('changes a session from active to escalated once', () => {
    const before = sessionOf();
    const operation = appending(before.session_id, {
      messages: [
        newMessage({ metadata: { escalated: true } }),
        newMessage({ metadata: { escalated: true } }),
      ],
    });
    const first = applied(viewOf([before]), operation);
    const after = only(first.sessions);
    assert.deepEqual([after.status, after.escalations, first.escalations], ['escalated', 1, 1]);
    const again = applied(
      viewOf([after]),
      appending(before.session_id, { messages: [newMessage({ metadata: { escalated: true } })] }),
    );
    assert.deepEqual([only(again.sessions).escalations, again.escalations], [1, 0]);
  });

  for (const [held, added, rolls] of [
    [FULL - 1, 1, false],
    [FULL, 1, true],
    [FULL - 2, 2, false],
    [FULL - 1, 2, true],
  ] as const) {
    it(`${rolls ? 'rolls over for' : 'accepts'} ${added} more in a session with ${held} of ${FULL} messages`, () => {
      const before = sessionOf({ message_seq: held });
      const plan = applied(viewOf([before]), appending(before.session_id, { messages: newMessages(added) }));
      assert.equal(plan.result.rolled_over, rolls);
      assert.deepEqual(
        plan.messages.map(({ seq }) => seq),
        rolls ? [1, 2].slice(0, added) : [FULL - 1, FULL].slice(-added),
      );
      assert.equal(new Set(plan.messages.map(({ session_id }) => session_id)).size, 1);
      assert.equal(plan.sessions.length, rolls ? 2 : 1);
    });
  }

  it('links a full session and its successor, which stays escalated', () => {
    const fields = { status: 'escalated', escalations: 1, escalation_reason: 'angry' } as const;
    const before = sessionOf({ ...fields, message_seq: FULL, recent: recentOf(FULL - 1, FULL) });
    const plan = applied(viewOf([before]), appending(before.session_id, { context_limit: 3 }));
    const [full, successor] = plan.sessions;
    assert.deepEqual(full, rollOver(before, successorId(OWNER, before.session_id), AT.now));
    assert.equal(successor?.session_id, full?.continued_by);
    assert.equal(successor?.continues, before.session_id);
    assert.deepEqual([successor?.status, successor?.escalation_reason], ['escalated', 'angry']);
    assert.deepEqual([successor?.escalations, plan.escalations], [0, 0]);
    assert.deepEqual(
      plan.result.context?.map(({ seq }) => seq),
      [1 - FULL, -FULL, 1],
    );
  });

  it('uses an existing successor unless it cannot take the messages', () => {
    const before = sessionOf({ message_seq: FULL });
    const known = sessionOf({ session_id: successorId(OWNER, before.session_id), message_seq: 3 });
    const plan = applied(viewOf([before, known]), appending(before.session_id));
    assert.equal(plan.messages[0]?.seq, 4);
    assert.equal(plan.messages[0]?.session_id, known.session_id);
    for (const unfit of [{ ...known, message_seq: FULL }, terminate(known, START)]) {
      const refused = planAppend(viewOf([before, unfit]), appending(before.session_id), AT);
      assert.deepEqual(refused, refuse(sessionContinuedError(known.session_id)));
    }
  });
});

describe('planAppend() of stored messages', () => {
  const message = newMessage({ metadata: { intent: 'ask', topics: ['erf'] } });
  const session = sessionOf({ message_seq: 6, recent: recentOf(3, 6) });
  const stored = messageOf({ ...message, session_id: session.session_id, seq: 4 });
  const repeated = appending(session.session_id, { messages: [message], context_limit: 2 });

  it('repeats its first answer and writes nothing', () => {
    const plan = applied(viewOf([session], [stored]), repeated);
    assert.deepEqual([plan.sessions, plan.messages, plan.escalations], [[], [], 0]);
    assert.deepEqual(plan.result, {
      session_id: session.session_id,
      messages: [{ message_id: message.message_id, seq: 4 }],
      recovered: false,
      rolled_over: false,
      context: session.recent.slice(0, 2),
      context_complete: true,
    });
  });

  it('repeats its first answer after the session is over', () => {
    const over = terminate(session, START);
    assert.deepEqual(applied(viewOf([over], [stored]), repeated).result.messages, [
      { message_id: message.message_id, seq: 4 },
    ]);
  });

  it('reads its messages before it refuses for lack of space', () => {
    const over = terminate(session, START);
    const ids = [message.message_id];
    const planned = (view: ReadView) => planAppend(view, repeated, AT);
    assert.deepEqual(planned(partialView({ [session.session_id]: over })), {
      kind: 'load-messages',
      message_ids: ids,
    });
    assert.deepEqual(planned(viewOf([over])), refuse(sessionEndedError()));
    const other = { ...stored, content: 'something else' };
    assert.deepEqual(planned(viewOf([over], [other])), refuse(sessionEndedError()));
  });

  it('does not read new messages when there is space', () => {
    const view = partialView({ [session.session_id]: session });
    assert.equal(applied(view, repeated).messages.length, 1);
  });

  it('reads the session of its messages only for their context', () => {
    const named = terminate(sessionOf(), START);
    const moved = { ...stored, session_id: successorId(OWNER, named.session_id) };
    const view: ReadView = {
      ...partialView({ [named.session_id]: named }),
      message: viewOf([], [moved]).message,
    };
    const operation = { ...repeated, session_id: named.session_id };
    assert.deepEqual(planAppend(view, operation, AT), { kind: 'load', session_id: moved.session_id });
    assert.equal(planAppend(view, { ...operation, context_limit: null }, AT).kind, 'apply');
  });

  it('reports the roll-over or recovery of a message in the successor', () => {
    const named = sessionOf({ message_seq: FULL });
    const moved = { ...stored, session_id: successorId(OWNER, named.session_id) };
    const reached = (from: Session) => {
      const plan = applied(viewOf([from], [moved]), appending(from.session_id, { messages: [message] }));
      return [plan.result.session_id, plan.result.recovered, plan.result.rolled_over];
    };
    assert.deepEqual(reached(rollOver(named, moved.session_id, START)), [moved.session_id, false, true]);
    // The view is from before the roll-over: the message shows that it has happened meanwhile.
    assert.deepEqual(reached(named), [moved.session_id, false, true]);
  });

  it('reads a session again only for context when its copy is older than the message', () => {
    const before = { ...session, message_seq: 3, recent: recentOf(2, 3) };
    const view = viewOf([before], [stored]);
    assert.deepEqual(planAppend(view, repeated, AT), { kind: 'load', session_id: session.session_id });
    assert.equal(planAppend(view, { ...repeated, context_limit: null }, AT).kind, 'apply');
  });

  const others: [string, Partial<typeof stored>][] = [
    ['other content', { content: 'something else' }],
    ['another role', { role: 'assistant' }],
    ['other metadata', { metadata: { intent: 'ask', topics: ['erf', 'size'] } }],
    ['less metadata', { metadata: {} }],
    ['another session', { session_id: sessionOf().session_id }],
    ['another user', { user_id: STRANGER }],
  ];
  for (const [what, difference] of others) {
    it(`refuses the id of a message with ${what}`, () => {
      const plan = planAppend(viewOf([session], [{ ...stored, ...difference }]), repeated, AT);
      assert.deepEqual(plan, refuse(messageIdTakenError()));
    });
  }

  it('refuses messages of which only some are stored', () => {
    const operation = { ...repeated, messages: [message, newMessage()] };
    const plan = planAppend(viewOf([session], [stored]), operation, AT);
    assert.deepEqual(plan, refuse(messageIdTakenError()));
  });
});
