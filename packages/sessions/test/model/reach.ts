import { successorId } from '../../src/successor-id.ts';
import type { ModelData } from './model-data.ts';
import type { ModelSession } from './model-session.ts';
import { continued, ended, expired, notFound } from './refusal.ts';

type Wanted = { owner: string; session_id: string; recover: boolean };
type How = { recovered: boolean; rolled_over: boolean };
export type Reached = { session: ModelSession } & How;

const DIRECTLY: How = { recovered: false, rolled_over: false };
const BY_RECOVERY: How = { recovered: true, rolled_over: false };
const BY_ROLL_OVER: How = { recovered: false, rolled_over: true };

/** What a call finds and does, row by row. */
export const reach = (data: ModelData, wanted: Wanted): Reached => {
  const { owner, session_id, recover } = wanted;
  const session = data.find(session_id);
  const successor = data.find(successorId(owner, session_id));
  if (session?.owner !== owner) {
    if (!recover) throw notFound();
    if (successor) return arrive(data, wanted, successor, BY_RECOVERY);
    const opened = data.open(successorId(owner, session_id), owner);
    opened.previous = session_id;
    return { session: opened, ...BY_RECOVERY };
  }
  switch (data.stateOf(session)) {
    case 'open':
      return { session, ...DIRECTLY };
    case 'rolled over':
      return arrive(data, wanted, data.owned(owner, session.next ?? ''), BY_ROLL_OVER);
    case 'ended':
      throw ended();
    case 'expired': {
      if (!recover) throw expired();
      if (!successor) return { session: data.openAfter(session), ...BY_RECOVERY };
      session.next = successor.id;
      return arrive(data, wanted, successor, BY_RECOVERY);
    }
  }
};

/** At the end of the one hop that is allowed. */
const arrive = (data: ModelData, { recover }: Wanted, session: ModelSession, how: How): Reached => {
  const state = data.stateOf(session);
  if (state === 'open') return { session, ...how };
  if (session.next !== null || state === 'ended' || !recover) throw data.whyOver(session);
  const further = successorId(session.owner, session.id);
  if (data.find(further)) throw continued(further);
  return { session: data.openAfter(session), ...how, recovered: true };
};
