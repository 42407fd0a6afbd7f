import type { Instance } from '../compose.ts';
import type { CallName, CallOutput, ParsedInput } from '../contract.ts';
import {
  type Caller,
  countActiveSessions,
  endSessions,
  eraseUser,
  expireSessions,
  exportPage,
  listActiveSessions,
  toCsv,
} from '../session/index.ts';
import { sweepBudget } from '../sweep-budget.ts';

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
  run(instance: Instance, caller: Caller, input: ParsedInput<Name>): Promise<CallOutput<Name>>;
};

const exported = async (
  { setup }: Instance,
  owner: string,
  { limit, cursor: given, format }: ParsedInput<'exportMyData'>,
): Promise<CallOutput<'exportMyData'>> => {
  const cursor = given ?? null;
  const page = await exportPage(setup, { owner, limit, cursor });
  if (format === 'json') return { ...page, csv: null };
  const csv = toCsv(page, { heading: cursor === null });
  return { sessions: null, messages: null, csv, next_cursor: page.next_cursor };
};

const erased = ({ setup, store }: Instance, owner: string) =>
  eraseUser(setup, { owner, forget: (user_id) => store.forget(user_id), ...sweepBudget() });

/** Every call, once: deployed as a group and one by one from this table. */
export const calls: { [Name in CallName]: Call<Name> } = {
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
    run: ({ setup, onSeen }, { user_id }) =>
      endSessions(setup, { owner: user_id, by: 'user', onSeen, ...sweepBudget() }),
  },
  endUserSessions: {
    for: 'admin',
    sensitive: true,
    run: ({ setup, onSeen }, _caller, { user_id }) =>
      endSessions(setup, { owner: user_id, by: 'admin', onSeen, ...sweepBudget() }),
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
    run: async ({ setup, store }, _caller, { limit, cursor = null }) => {
      const [firebase_sessions, page] = await Promise.all([
        countActiveSessions(setup),
        listActiveSessions(setup, { limit, cursor }),
      ]);
      const memory_sessions = (await store.state()).journal.sessions;
      return { firebase_sessions, memory_sessions, total: firebase_sessions + memory_sessions, ...page };
    },
  },
  clearExpiredSessions: {
    for: 'admin',
    run: async ({ setup, store }) => {
      const memory_expired = store.dropExpired(Date.now());
      const swept = await expireSessions(setup, { ...sweepBudget(), limit: WHILE_SOMEBODY_WAITS });
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

export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);
