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

/** Page size, in sessions, of interactive calls. Jobs use larger pages. */
const INTERACTIVE_PAGE_SIZE = 500;

/** A call, apart from its input schema, which the contract holds. */
type CallHandler<Name extends CallName> = {
  /** `user`: any signed-in user, for its own sessions. `admin`: a caller with the claim `admin`. */
  access: 'user' | 'admin';
  /**
   * `group`: only in the function `sessions`, because the call reads the memory of the instance that serves the others.
   * `single`: only as a function of its own, because it consumes App Check tokens, which Firebase configures per
   * function. Absent: in the function `sessions`, and as a function of its own if the project exports it.
   */
  deployment?: 'group' | 'single';
  /** Concerns all data of a user. Revoked tokens and disabled users are refused at once, not when the token expires. */
  sensitive?: true;
  handle(services: Services, caller: Caller, input: ParsedInput<Name>): Promise<CallOutput<Name>>;
};

const exportUserPage = async (
  { context }: Services,
  owner: string,
  { limit, cursor, format }: ParsedInput<'exportMyData'>,
): Promise<CallOutput<'exportMyData'>> => {
  const page = await exportPage(context, { owner, limit, cursor: cursor ?? null });
  if (format === 'json') return { ...page, csv: null };
  const csv = toCsv(page, { heading: cursor === undefined });
  return { sessions: null, messages: null, csv, next_cursor: page.next_cursor };
};

const eraseUserData = ({ context, store }: Services, owner: string) =>
  eraseUser(context, { owner, evict: (user_id) => store.evictUser(user_id), ...timeBudget() });

/** Every call. The function `sessions` and the single functions are deployed from this table. */
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
    handle: (services, { user_id }, input) => exportUserPage(services, user_id, input),
  },
  exportUserData: {
    access: 'admin',
    deployment: 'single',
    sensitive: true,
    handle: (services, _caller, { user_id, ...input }) => exportUserPage(services, user_id, input),
  },
  deleteMyData: {
    access: 'user',
    deployment: 'single',
    sensitive: true,
    handle: (services, { user_id }) => eraseUserData(services, user_id),
  },
  deleteUserData: {
    access: 'admin',
    deployment: 'single',
    sensitive: true,
    handle: (services, _caller, { user_id }) => eraseUserData(services, user_id),
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
      const result = await expireSessions(context, { ...timeBudget(), limit: INTERACTIVE_PAGE_SIZE });
      if (result.failed > 0) throw result.failure;
      return { firebase_expired: result.expired, memory_expired, more: result.more };
    },
  },
  getMetrics: {
    access: 'admin',
    deployment: 'group',
    handle: async ({ metrics, primary, store }) => metrics.snapshot(primary.state, await store.state()),
  },
};

/** Whether `name` is a call of the contract. */
export const isCallName = (name: string): name is CallName => Object.hasOwn(handlers, name);
