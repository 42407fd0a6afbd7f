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
const INTERACTIVE_PAGE_SIZE = 500;

type CallHandler<Name extends CallName> = {
  /** Who may call it: anyone who is signed in, for its own sessions, or an admin. */
  access: 'user' | 'admin';
  /**
   * `group`: looks into the memory of the instance that serves the others, so it is deployed with them alone. `single`:
   * takes App Check tokens that count once, which a function asks of all its calls or of none. Otherwise both.
   */
  deployment?: 'group' | 'single';
  /** Concerns all that a user has: a revoked token and a disabled user are refused at once, not when the token ends. */
  sensitive?: true;
  handle(instance: Services, caller: Caller, input: ParsedInput<Name>): Promise<CallOutput<Name>>;
};

const exportUserPage = async (
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

const eraseUserData = ({ context, store }: Services, owner: string) =>
  eraseUser(context, { owner, forget: (user_id) => store.forget(user_id), ...timeBudget() });

/** Every call, once: deployed as a group and one by one from this table. */
export const handlers: { [Name in CallName]: CallHandler<Name> } = {
  createSession: {
    access: 'user',
    handle: ({ sessions }, caller, input) => sessions.createSession(caller, input),
  },
  getSession: {
    access: 'user',
    handle: ({ sessions }, caller, input) => sessions.getSession(caller, input),
  },
  addMessage: {
    access: 'user',
    handle: ({ sessions }, caller, input) => sessions.addMessage(caller, input),
  },
  addMessages: {
    access: 'user',
    handle: ({ sessions }, caller, input) => sessions.addMessages(caller, input),
  },
  getHistory: {
    access: 'user',
    handle: ({ sessions }, caller, input) => sessions.getHistory(caller, input),
  },
  listSessions: {
    access: 'user',
    handle: ({ sessions }, caller, input) => sessions.listSessions(caller, input),
  },
  endSession: {
    access: 'user',
    handle: ({ sessions }, caller, input) => sessions.endSession(caller, input),
  },
  submitFeedback: {
    access: 'user',
    handle: ({ sessions }, caller, input) => sessions.submitFeedback(caller, input),
  },
  escalateSession: {
    access: 'user',
    handle: ({ sessions }, caller, input) => sessions.escalateSession(caller, input),
  },
  endMySessions: {
    access: 'user',
    sensitive: true,
    handle: ({ context, onSessionRead }, { user_id }) =>
      endUserSessions(context, { owner: user_id, by: 'user', onSessionRead, ...timeBudget() }),
  },
  endUserSessions: {
    access: 'admin',
    sensitive: true,
    handle: ({ context, onSessionRead }, _caller, { user_id }) =>
      endUserSessions(context, { owner: user_id, by: 'admin', onSessionRead, ...timeBudget() }),
  },
  exportMyData: {
    access: 'user',
    deployment: 'single',
    sensitive: true,
    handle: (instance, { user_id }, input) => exportUserPage(instance, user_id, input),
  },
  exportUserData: {
    access: 'admin',
    deployment: 'single',
    sensitive: true,
    handle: (instance, _caller, { user_id, ...input }) => exportUserPage(instance, user_id, input),
  },
  deleteMyData: {
    access: 'user',
    deployment: 'single',
    sensitive: true,
    handle: (instance, { user_id }) => eraseUserData(instance, user_id),
  },
  deleteUserData: {
    access: 'admin',
    deployment: 'single',
    sensitive: true,
    handle: (instance, _caller, { user_id }) => eraseUserData(instance, user_id),
  },
  getActiveSessions: {
    access: 'admin',
    deployment: 'group',
    handle: async ({ context, store }, _caller, { limit, cursor = null }) => {
      const [firebase_sessions, page] = await Promise.all([
        countActiveSessions(context),
        listActiveSessions(context, { limit, cursor }),
      ]);
      const memory_sessions = (await store.state()).journal.sessions;
      return { firebase_sessions, memory_sessions, total: firebase_sessions + memory_sessions, ...page };
    },
  },
  clearExpiredSessions: {
    access: 'admin',
    handle: async ({ context, store }) => {
      const memory_expired = store.dropExpired(Date.now());
      const swept = await expireSessions(context, { ...timeBudget(), limit: INTERACTIVE_PAGE_SIZE });
      if (swept.failed > 0) throw swept.failure;
      return { firebase_expired: swept.expired, memory_expired, more: swept.more };
    },
  },
  getMetrics: {
    access: 'admin',
    deployment: 'group',
    handle: async ({ metrics, primary, store }) => metrics.snapshot(primary.state, await store.state()),
  },
};

export const isCallName = (name: string): name is CallName => Object.hasOwn(handlers, name);
