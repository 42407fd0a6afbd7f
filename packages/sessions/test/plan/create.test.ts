import assert from 'node:assert/strict';
import { EMPTY_USER_INFO } from 'kb-sessions-contract/records';
import { rollOver, terminate } from '../../src/lifecycle.ts';
import { planCreate } from '../../src/plan/create.ts';
import { apply, refuse } from '../../src/plan/types.ts';
import { openSessionLimitError, sessionNotFoundError, userErasedError } from '../../src/session-errors.ts';
import { successorId } from '../../src/successor-id.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { AT, FREE, partialView, viewOf } from '../fixtures/plans.ts';
import { OWNER, START, STRANGER, sessionOf } from '../fixtures/records.ts';

const session = sessionOf();
const { session_id } = session;
const SUCCESSOR = successorId(OWNER, session_id);
const LATER = { ...AT, now: START + SMALL_LIMITS.idleTimeoutMs };

describe('planCreate()', () => {
  const operation = {
    owner: OWNER,
    session_id,
    user: { ...EMPTY_USER_INFO, company: 'Acme' },
    replay: false,
  };
  const creating = (...found: Parameters<typeof viewOf>[0]) => planCreate(viewOf(found), operation, AT);

  it('opens a session of the given user in the given shard', () => {
    const plan = creating();
    const [opened] = plan.kind === 'apply' ? plan.sessions : [];
    assert.deepEqual([opened?.company, opened?.expiry_shard, opened?.status], ['Acme', 1, 'active']);
  });

  it('repeats its first answer and writes nothing', () => {
    const plan = creating(session);
    const result = plan.kind === 'apply' && plan.sessions.length === 0 ? plan.result : null;
    assert.deepEqual(result, { session_id, expires_at: session.expires_at });
  });

  it('repeats its first answer in any state of the session and refuses an id of another user', () => {
    const first = apply({ session_id, expires_at: session.expires_at });
    assert.deepEqual(creating(terminate(session, START)), first);
    assert.deepEqual(creating(rollOver(session, SUCCESSOR, START)), first);
    assert.deepEqual(planCreate(viewOf([session]), operation, LATER), first);
    assert.deepEqual(creating({ ...session, user_id: STRANGER }), refuse(sessionNotFoundError()));
  });

  it('checks first for an erasure of the user and opens nothing after one', () => {
    assert.deepEqual(planCreate(partialView({}), operation, AT), { kind: 'load', user_id: OWNER });
    const view = viewOf([session], [], { ...FREE, isErased: true });
    assert.deepEqual(planCreate(view, operation, AT), refuse(userErasedError()));
  });

  it('limits open sessions, except for repetitions, and doubles the limit for accepted operations', () => {
    const at = { ...AT, limits: { ...SMALL_LIMITS, openSessionsPerUser: 3 } };
    const creatingBeside = (openSessions: number, replay = false) =>
      planCreate(viewOf([], [], { ...FREE, openSessions }), { ...operation, replay }, at);
    assert.equal(creatingBeside(2).kind, 'apply');
    for (const openSessions of [3, 4])
      assert.deepEqual(creatingBeside(openSessions), refuse(openSessionLimitError()));
    for (const openSessions of [3, 5]) assert.equal(creatingBeside(openSessions, true).kind, 'apply');
    assert.deepEqual(creatingBeside(6, true), refuse(openSessionLimitError()));
    const full = { ...partialView({}), user: () => ({ ...FREE, openSessions: 3 }) };
    assert.deepEqual(planCreate(full, operation, at), { kind: 'load', session_id });
    const repeated = planCreate({ ...full, session: () => session }, operation, at);
    assert.deepEqual(repeated, apply({ session_id, expires_at: session.expires_at }));
  });
});
