import { type Caller, toCsv } from 'kb-sessions';
import {
  countActiveSessions,
  endUserSessions,
  eraseUser,
  expireSessions,
  exportPage,
  listActiveSessions,
} from 'kb-sessions/firestore';
import type { CallName, CallOutput, ParsedInput } from 'kb-sessions-contract';
import { type Services, timeBudget } from '../services.ts';

/** Sessions that a call reads at once: a job has more time for a page. */
const WHILE_SOMEBODY_WAITS = 500;

type Call<Name extends CallName> = {
  /** Who may call it: anyone who is signed in, for its own sessions, or an admin. */
  for: 'user' | 'admin';
  /**
   * `group`: looks into the memory of the instance that serves the others, so it is deployed with them alone. `single`:
   * takes App Check tokens that count once, which a function asks of all its calls or of none. Otherwise both.
   */
  deployed?: 'group' | 'single';
  /** Concerns all that a user has: a revoked token and a disabled user are refused at once, not when the token ends. */
  sensitive?: true;
  run(instance: Services, caller: Caller, input: ParsedInput<Name>): Promise<CallOutput<Name>>;
};

const exported = async (
  { context }: Services,
  owner: string,
  { limit, cursor: given, format }: ParsedInput<'exportMyData'>,
): Promise<CallOutput<'exportMyData'>> => {
  const cursor = given ?? null;
  const page = await exportPage(context, { owner, limit, cursor });
  if (format === 'json') return { ...page, csv: null };
  const csv = toCsv(page, { heading: cursor === null });
  return { sessions: null, messages: null, csv, next_cursor: page.next_cursor };
};

const erased = ({ context, store }: Services, owner: string) =>
  eraseUser(context, { owner, forget: (user_id) => store.forget(user_id), ...timeBudget() });

/** Every call, once: deployed as a group and one by one from this table. */
export const handlers: { [Name in CallName]: Call<Name> } = {
  createSession: {
    for: 'user',
    run: ({ sessions }, caller, input) => sessions.createSession(caller, input),
  },
  getSession: {
    for: 'user',
    run: ({ sessions }, caller, input) => sessions.getSession(caller, input),
  },
  addMessage: {
    for: 'user',
    run: ({ sessions }, caller, input) => sessions.addMessage(caller, input),
  },
  addMessages: {
    for: 'user',
    run: ({ sessions }, caller, input) => sessions.addMessages(caller, input),
  },
  getHistory: {
    for: 'user',
    run: ({ sessions }, caller, input) => sessions.getHistory(caller, input),
  },
  listSessions: {
    for: 'user',
    run: ({ sessions }, caller, input) => sessions.listSessions(caller, input),
  },
  endSession: {
    for: 'user',
    run: ({ sessions }, caller, input) => sessions.endSession(caller, input),
  },
  submitFeedback: {
    for: 'user',
    run: ({ sessions }, caller, input) => sessions.submitFeedback(caller, input),
  },
  escalateSession: {
    for: 'user',
    run: ({ sessions }, caller, input) => sessions.escalateSession(caller, input),
  },
  endMySessions: {
    for: 'user',
    sensitive: true,
    run: ({ context, onSessionRead }, { user_id }) =>
      endUserSessions(context, { owner: user_id, by: 'user', onSessionRead, ...timeBudget() }),
  },
  endUserSessions: {
    for: 'admin',
    sensitive: true,
    run: ({ context, onSessionRead }, _caller, { user_id }) =>
      endUserSessions(context, { owner: user_id, by: 'admin', onSessionRead, ...timeBudget() }),
  },
  exportMyData: {
    for: 'user',
    deployed: 'single',
    sensitive: true,
    run: (instance, { user_id }, input) => exported(instance, user_id, input),
  },
  exportUserData: {
    for: 'admin',
    deployed: 'single',
    sensitive: true,
    run: (instance, _caller, { user_id, ...input }) => exported(instance, user_id, input),
  },
  deleteMyData: {
    for: 'user',
    deployed: 'single',
    sensitive: true,
    run: (instance, { user_id }) => erased(instance, user_id),
  },
  deleteUserData: {
    for: 'admin',
    deployed: 'single',
    sensitive: true,
    run: (instance, _caller, { user_id }) => erased(instance, user_id),
  },
  getActiveSessions: {
    for: 'admin',
    deployed: 'group',
    run: async ({ context, store }, _caller, { limit, cursor = null }) => {
      const [firebase_sessions, page] = await Promise.all([
        countActiveSessions(context),
        listActiveSessions(context, { limit, cursor }),
      ]);
      const memory_sessions = (await store.state()).journal.sessions;
      return { firebase_sessions, memory_sessions, total: firebase_sessions + memory_sessions, ...page };
    },
  },
  clearExpiredSessions: {
    for: 'admin',
    run: async ({ context, store }) => {
      const memory_expired = store.dropExpired(Date.now());
      const swept = await expireSessions(context, { ...timeBudget(), limit: WHILE_SOMEBODY_WAITS });
      if (swept.failed > 0) throw swept.failure;
      return { firebase_expired: swept.expired, memory_expired, more: swept.more };
    },
  },
  getMetrics: {
    for: 'admin',
    deployed: 'group',
    run: async ({ metrics, primary, store }) => metrics.snapshot(primary.state, await store.state()),
  },
};

export const isCallName = (name: string): name is CallName => Object.hasOwn(handlers, name);
