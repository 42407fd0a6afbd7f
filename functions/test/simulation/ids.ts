import { v5 } from 'uuid';
import type { Named } from './scenario.ts';

const NAMESPACE = '2f1d3c52-6a0f-4d8e-9a3b-0c6f7d1e5b44';

/** A uuid v4 by its form, always the same for one name: runs are to repeat. */
export const idOf = (name: string): string => {
  const id = v5(name, NAMESPACE);
  return `${id.slice(0, 14)}4${id.slice(15)}`;
};

/** The session that a user has from the start. */
export const sessionOf = (user: string): string => idOf(`session of ${user}`);

/** What a scenario calls a session, for its owner. */
export const namedSession = (owner: string, name: Named): string => {
  if (name === 'own') return sessionOf(owner);
  return name === 'foreign' ? sessionOf(owner === 'ann' ? 'bob' : 'ann') : idOf(`${name} session`);
};
