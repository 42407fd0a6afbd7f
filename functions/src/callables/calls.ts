import type { Instance } from '../compose.ts';
import type { CallName, CallOutput, ParsedInput } from '../contract.ts';
import { type Caller, countActiveSessions, expireSessions, listActiveSessions } from '../session/index.ts';

type Call<Name extends CallName> = {
  /** Who may call it: anyone who is signed in, for its own sessions, or an admin. */
  for: 'user' | 'admin';
  run(instance: Instance, caller: Caller, input: ParsedInput<Name>): Promise<CallOutput<Name>>;
};

/** How long one call sweeps, so that it answers well within the 60 s of a callable. */
const SWEEP_MS = 30_000;

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
  getActiveSessions: {
    for: 'admin',
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
      const swept = await expireSessions(setup, { deadline: Date.now() + SWEEP_MS, clock: Date.now });
      if (swept.failed > 0) throw swept.failure;
      return { firebase_expired: swept.expired, memory_expired, more: swept.more };
    },
  },
  getMetrics: {
    for: 'admin',
    run: async ({ metrics, primary, store }) => metrics.snapshot(primary.state, await store.state()),
  },
};

export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);
