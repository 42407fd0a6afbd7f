import assert from 'node:assert/strict';
import type { SessionError } from 'kb-sessions-contract/errors';
import type { Session } from 'kb-sessions-contract/records';
import { expireIfDue, isOpen, rollOver, terminate } from '../../src/lifecycle.ts';
import { type ResolvedSession, resolveSession } from '../../src/plan/resolve-session.ts';
import type { ReadView } from '../../src/plan/types.ts';
import {
  openSessionLimitError,
  sessionContinuedError,
  sessionEndedError,
  sessionExpiredError,
  sessionNotFoundError,
  userErasedError,
} from '../../src/session-errors.ts';
import { successorId } from '../../src/successor-id.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { AT, FREE, partialView, viewOf, wanted } from '../fixtures/plans.ts';
import { OWNER, recentOf, START, STRANGER, sessionOf } from '../fixtures/records.ts';

const NAMED = '3b241101-e2bb-4255-8caf-4136c566a962';
const SUCCESSOR = successorId(OWNER, NAMED);
const THIRD = successorId(OWNER, SUCCESSOR);
/** When a session without a touch since {@link START} is over. */
const LATER = { ...AT, now: START + SMALL_LIMITS.idleTimeoutMs };

const openNow = (fields: Partial<Session> = {}): Session =>
  sessionOf({ session_id: NAMED, expires_at: '2026-03-02T00:00:00.000Z', ...fields });
const unswept = sessionOf({ session_id: NAMED, message_seq: 2, recent: recentOf(1, 2) });
const swept = expireIfDue(unswept, LATER.now, SMALL_LIMITS);
const ended = terminate(openNow(), START);
const rolledOver = rollOver(openNow(), SUCCESSOR, START);
const linked = { ...swept, continued_by: SUCCESSOR };
const successor = openNow({ session_id: SUCCESSOR, continues: NAMED });
const overSuccessor = sessionOf({ session_id: SUCCESSOR, continues: NAMED });

/** What is reached: the id, how, and the ids of the sessions that change, those that are new marked so. */
type Reach = { session_id: string; how: 'found' | 'recovered' | 'rolled_over' | 'both'; changed: string[] };
type Expected = SessionError | Reach;

const found: Reach = { session_id: NAMED, how: 'found', changed: [] };
const hopped = (how: Reach['how'], changed: string[] = []): Reach => ({
  session_id: SUCCESSOR,
  how,
  changed,
});
const recovered = (changed: string[] = []) => hopped('recovered', changed);

const howOf = ({ recovered, rolled_over }: ResolvedSession): Reach['how'] => {
  if (recovered && rolled_over) return 'both';
  return recovered ? 'recovered' : rolled_over ? 'rolled_over' : 'found';
};

const outcomeOf = (view: ReadView, recover: boolean, replay = false): Expected => {
  const resolution = resolveSession(view, { ...wanted(NAMED), recover, replay }, LATER);
  if (resolution.kind === 'load')
    assert.fail(`expected an outcome, found it wants ${JSON.stringify(resolution)}`);
  if (resolution.kind === 'refuse') return resolution.error;
  const { session, changed } = resolution;
  assert.ok(isOpen(session));
  const nameOf = ({ session_id }: Session) => (view.session(session_id) ? session_id : `new ${session_id}`);
  return { session_id: session.session_id, how: howOf(resolution), changed: changed.map(nameOf) };
};

/** Design 5, "What a call finds and does": what the store holds, then the answer with and without `recover`. */
const table: [names: string, holds: Session[], recovering: Expected, without: Expected][] = [
  ['an open session', [openNow()], found, found],
  ['an escalated session', [openNow({ status: 'escalated' })], found, found],
  ['one that rolled over', [rolledOver, successor], hopped('rolled_over'), hopped('rolled_over')],
  ['one that expired and was swept', [swept], recovered([NAMED, `new ${SUCCESSOR}`]), sessionExpiredError()],
  ['one that expired unswept', [unswept], recovered([NAMED, `new ${SUCCESSOR}`]), sessionExpiredError()],
  ['one that expired and was recovered', [linked, successor], recovered(), sessionExpiredError()],
  [
    'one that expired whose successor was opened while it was unknown',
    [swept, successor],
    recovered([NAMED]),
    sessionExpiredError(),
  ],
  [
    'one that expired whose successor was opened while it was unknown, and ended',
    [swept, terminate(successor, START)],
    sessionEndedError(),
    sessionExpiredError(),
  ],
  ['nothing', [], recovered([`new ${SUCCESSOR}`]), sessionNotFoundError()],
  ['nothing, recovered before', [successor], recovered(), sessionNotFoundError()],
  [
    'a session of somebody else',
    [openNow({ user_id: STRANGER })],
    recovered([`new ${SUCCESSOR}`]),
    sessionNotFoundError(),
  ],
  [
    'one of somebody else that ended',
    [{ ...ended, user_id: STRANGER }],
    recovered([`new ${SUCCESSOR}`]),
    sessionNotFoundError(),
  ],
  [
    'one of somebody else, recovered before',
    [openNow({ user_id: STRANGER }), successor],
    recovered(),
    sessionNotFoundError(),
  ],
  ['one ended by the user', [ended], sessionEndedError(), sessionEndedError()],
  ['one ended by an admin', [{ ...ended, end_reason: 'admin' }], sessionEndedError(), sessionEndedError()],
  [
    'one that rolled over into one that ended',
    [rolledOver, terminate(successor, START)],
    sessionEndedError(),
    sessionEndedError(),
  ],
  [
    'one that rolled over into one that expired',
    [rolledOver, overSuccessor],
    { session_id: THIRD, how: 'both', changed: [SUCCESSOR, `new ${THIRD}`] },
    sessionExpiredError(),
  ],
  [
    'one that rolled over into one that rolled over',
    [rolledOver, rollOver(successor, THIRD, START), openNow({ session_id: THIRD })],
    sessionContinuedError(THIRD),
    sessionContinuedError(THIRD),
  ],
  [
    'one that expired whose successor rolled over',
    [linked, rollOver(successor, THIRD, START), openNow({ session_id: THIRD })],
    sessionContinuedError(THIRD),
    sessionExpiredError(),
  ],
  [
    'one that expired whose successor ended',
    [linked, terminate(successor, START)],
    sessionEndedError(),
    sessionExpiredError(),
  ],
  [
    'one that expired whose successor expired',
    [linked, overSuccessor],
    { session_id: THIRD, how: 'recovered', changed: [SUCCESSOR, `new ${THIRD}`] },
    sessionExpiredError(),
  ],
  [
    'one that expired whose successor expired and was continued',
    [linked, overSuccessor, openNow({ session_id: THIRD })],
    sessionContinuedError(THIRD),
    sessionExpiredError(),
  ],
  [
    'nothing, with a successor that ended',
    [terminate(successor, START)],
    sessionEndedError(),
    sessionNotFoundError(),
  ],
  [
    'one that rolled over into one that is gone',
    [rolledOver],
    sessionNotFoundError(),
    sessionNotFoundError(),
  ],
  [
    'one that rolled over into one of somebody else',
    [rolledOver, { ...successor, user_id: STRANGER }],
    sessionNotFoundError(),
    sessionNotFoundError(),
  ],
];

describe('resolveSession()', () => {
  for (const [names, holds, recovering, without] of table) {
    for (const [recover, expected] of [
      [true, recovering],
      [false, without],
    ] as const) {
      it(`follows the design for ${names}, ${recover ? 'with recovery' : 'without recovery'}`, () => {
        assert.deepEqual(outcomeOf(viewOf(holds), recover), expected);
      });
    }
  }

  it('requests unread sessions one after the other', () => {
    const asked = (known: Record<string, Session | null>) =>
      resolveSession(partialView(known), { ...wanted(NAMED), recover: true }, LATER);
    assert.deepEqual(asked({}), { kind: 'load', session_id: NAMED });
    assert.deepEqual(asked({ [NAMED]: rolledOver }), { kind: 'load', session_id: SUCCESSOR });
    assert.deepEqual(asked({ [NAMED]: linked }), { kind: 'load', session_id: SUCCESSOR });
    assert.deepEqual(asked({ [NAMED]: null }), { kind: 'load', session_id: SUCCESSOR, user_id: OWNER });
    assert.deepEqual(asked({ [NAMED]: null, [SUCCESSOR]: null }), {
      kind: 'load',
      session_id: SUCCESSOR,
      user_id: OWNER,
    });
    const replayed = resolveSession(
      partialView({ [NAMED]: ended }),
      { ...wanted(NAMED), replay: true },
      LATER,
    );
    assert.deepEqual(replayed, { kind: 'load', session_id: SUCCESSOR, user_id: OWNER });
  });

  it('opens no successor of an unknown session for an erased user', () => {
    const erased = (holds: Session[]) => viewOf(holds, [], { ...FREE, isErased: true });
    for (const holds of [[], [successor], [openNow({ user_id: STRANGER })]]) {
      assert.deepEqual(outcomeOf(erased(holds), true), userErasedError());
      assert.deepEqual(outcomeOf(erased(holds), true, true), userErasedError());
    }
    assert.deepEqual(outcomeOf(erased([ended]), true, true), userErasedError());
  });

  it('opens no successor of an unknown session at the open-session limit, which is twice as high for accepted messages', () => {
    const at = { ...LATER, limits: { ...SMALL_LIMITS, openSessionsPerUser: 3 } };
    const outcome = (openSessions: number, given: { replay?: boolean; holds?: Session[] } = {}) => {
      const { replay = false, holds = [] } = given;
      const view = viewOf(holds, [], { ...FREE, openSessions });
      const resolution = resolveSession(view, { ...wanted(NAMED), recover: true, replay }, at);
      return resolution.kind === 'refuse' ? resolution.error : resolution.kind;
    };
    assert.deepEqual(
      [2, 3, 4].map((open) => outcome(open)),
      ['resolved', openSessionLimitError(), openSessionLimitError()],
    );
    assert.deepEqual(
      [3, 5, 6].map((open) => outcome(open, { replay: true })),
      ['resolved', 'resolved', openSessionLimitError()],
    );
    assert.deepEqual(
      [3, 5, 6].map((open) => outcome(open, { replay: true, holds: [ended] })),
      ['resolved', 'resolved', openSessionLimitError()],
    );
    assert.equal(outcome(3, { holds: [successor] }), 'resolved');
    assert.equal(outcome(3, { holds: [swept] }), 'resolved');
  });

  it('treats the successor of an expired session without a link as unused, without reading it', () => {
    const resolution = resolveSession(
      partialView({ [NAMED]: swept }),
      { ...wanted(NAMED), recover: true },
      LATER,
    );
    assert.equal(resolution.kind, 'resolved');
  });

  it('closes the session it recovers from and links both', () => {
    const resolution = resolveSession(viewOf([unswept]), { ...wanted(NAMED), recover: true }, LATER);
    assert.equal(resolution.kind, 'resolved');
    const [closed, opened] = resolution.kind === 'resolved' ? resolution.changed : [];
    assert.deepEqual(closed, { ...swept, continued_by: SUCCESSOR });
    assert.equal(opened?.continues, NAMED);
    assert.deepEqual(
      opened?.recent.map(({ seq }) => seq),
      [-1, -2],
    );
  });

  it('opens the successor of an unknown session for the given user', () => {
    const user = { ...wanted(NAMED).user, company: 'Acme' };
    const foreign = openNow({ user_id: STRANGER, company: 'Theirs', recent: recentOf(1, 2) });
    const resolution = resolveSession(viewOf([foreign]), { ...wanted(NAMED), recover: true, user }, LATER);
    const opened = resolution.kind === 'resolved' ? resolution.session : null;
    assert.equal(opened?.company, 'Acme');
    assert.equal(opened?.user_id, OWNER);
    assert.equal(opened?.continues, NAMED);
    assert.deepEqual(opened?.recent, []);
  });

  it('moves a replay from a finished session to its successor and opens none for an unknown session', () => {
    const passedOn: [names: string, holds: Session[], expected: Expected][] = [
      ['one that ended', [ended], recovered([`new ${SUCCESSOR}`])],
      ['one that ended, passed on before', [ended, successor], recovered()],
      [
        'one that ended, whose successor ended',
        [ended, terminate(successor, START)],
        sessionContinuedError(SUCCESSOR),
      ],
      ['one that expired', [unswept], recovered([NAMED, `new ${SUCCESSOR}`])],
      ['one that expired and was recovered', [linked, successor], recovered()],
      [
        'one that expired, whose successor ended',
        [linked, terminate(successor, START)],
        sessionContinuedError(SUCCESSOR),
      ],
      [
        'one that expired, whose successor expired',
        [linked, overSuccessor],
        { session_id: THIRD, how: 'recovered', changed: [SUCCESSOR, `new ${THIRD}`] },
      ],
      [
        'one that rolled over into one that ended',
        [rolledOver, terminate(successor, START)],
        sessionContinuedError(SUCCESSOR),
      ],
      ['an open session', [openNow()], found],
      ['nothing', [], sessionNotFoundError()],
      ['a session of somebody else', [{ ...ended, user_id: STRANGER }], sessionNotFoundError()],
    ];
    for (const [names, holds, expected] of passedOn)
      assert.deepEqual(outcomeOf(viewOf(holds), false, true), expected, names);
    assert.deepEqual(outcomeOf(viewOf([]), true, true), recovered([`new ${SUCCESSOR}`]));
  });

  it('returns the context of the ended session to a replay', () => {
    const before = { ...ended, recent: recentOf(1, 2) };
    const resolution = resolveSession(viewOf([before]), { ...wanted(NAMED), replay: true }, LATER);
    assert.deepEqual(
      resolution.kind === 'resolved' && resolution.session.recent.map(({ seq }) => seq),
      [-1, -2],
    );
  });
});
