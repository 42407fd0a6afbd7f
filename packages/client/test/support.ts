import type { CallName, DirectCallable } from '../src/index.ts';

/** A callable that keeps the data it was called with and answers with what `answer` makes of them. */
export const recording = (answer: (data: Record<string, unknown>) => unknown) => {
  const calls: Record<string, unknown>[] = [];
  const callable: DirectCallable = {
    run: async ({ data }) => {
      const fields = { ...Object(data) };
      calls.push(fields);
      return answer(fields);
    },
  };
  return { calls, callable };
};

/** Every call of the contract, answered with nothing. */
export const everyCall = (): { calls: Map<string, Record<string, unknown>>; callables: FakeCallables } => {
  const calls = new Map<string, Record<string, unknown>>();
  const fake = (name: CallName): DirectCallable => ({
    run: ({ data }) => {
      calls.set(name, { ...Object(data) });
      return {};
    },
  });
  return {
    calls,
    callables: {
      createSession: fake('createSession'),
      getSession: fake('getSession'),
      addMessage: fake('addMessage'),
      addMessages: fake('addMessages'),
      getHistory: fake('getHistory'),
      listSessions: fake('listSessions'),
      endSession: fake('endSession'),
      submitFeedback: fake('submitFeedback'),
      escalateSession: fake('escalateSession'),
      endMySessions: fake('endMySessions'),
      endUserSessions: fake('endUserSessions'),
      exportMyData: fake('exportMyData'),
      exportUserData: fake('exportUserData'),
      deleteMyData: fake('deleteMyData'),
      deleteUserData: fake('deleteUserData'),
      getActiveSessions: fake('getActiveSessions'),
      clearExpiredSessions: fake('clearExpiredSessions'),
      getMetrics: fake('getMetrics'),
    },
  };
};

type FakeCallables = Record<CallName, DirectCallable>;

/** What a server throws: the form of firebase-functions' `HttpsError`, which clients do not depend on. */
export class FakeHttpsError extends Error {
  readonly code: string;
  readonly details: unknown;

  constructor(code: string, message: string, details?: unknown) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
