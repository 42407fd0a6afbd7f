import { getAuth } from 'firebase/auth';
import type { Functions } from 'firebase/functions';
import type { CallInput, CallName, CallOutput } from 'kb-sessions-contract';
import { withSuccessorFollowing } from './follow-successors.ts';
import { indexedDbStorage } from './outbox/indexed-db-storage.ts';
import { memoryStorage } from './outbox/memory-storage.ts';
import { createOutbox, type Outbox, type OutboxOptions } from './outbox/outbox.ts';
import { historyWithPending } from './outbox/pending-history.ts';
import { firebaseTransport } from './transports/firebase-transport.ts';
import type { Transport } from './transports/transport.ts';

/** Calls whose fields all have defaults may be called with nothing. */
type Arguments<N extends CallName> =
  Record<never, never> extends CallInput<N> ? [input?: CallInput<N>] : [input: CallInput<N>];

type Calls = { [N in CallName]: (...input: Arguments<N>) => Promise<CallOutput<N>> };

/** One method per callable, and two for what is pending. Each rejects with a `SessionsError` and nothing else. */
export type SessionsClient = Calls & Pick<Outbox, 'pending' | 'flush'>;

/**
 * The calls over the Firebase JS SDK, for browsers and Node: `createSessionsClient(getFunctions(app))`.
 *
 * - `recover` is true unless the input says otherwise.
 * - Ids of new sessions and messages are made here where the input has none, so that a request that is sent twice
 *   means the same thing. To repeat a failed `addMessage` safely, pass a `message_id` and pass it again.
 * - A session that rolled over more than once is followed to the one to use.
 * - What is answered `volatile` is kept (in IndexedDB where there is one) and offered again, before anything newer that
 *   the same user calls, until it is `durable` or refused for good. `flush` offers it at other times: the client has no
 *   timers. While the queue is full, new calls that would add to it are `resource-exhausted`, without a reason.
 * - `deleteMyData` also takes out what this device keeps of the user, which is told as refused with the reason `erased`.
 * - Who is signed in is known from Firebase Auth of the same app; an app that uses `initializeAuth` calls it first.
 */
export const createSessionsClient = (
  functions: Functions,
  options: Omit<OutboxOptions, 'user'> = {},
): SessionsClient => {
  const { projectId = '', apiKey } = functions.app.options;
  const signedIn = async (): Promise<string | null> => {
    // Without a key there is no Auth, and nobody to keep anything for.
    if (apiKey === undefined) return null;
    const auth = getAuth(functions.app);
    await auth.authStateReady();
    return auth.currentUser?.uid ?? null;
  };
  const storage = 'indexedDB' in globalThis ? indexedDbStorage(projectId) : memoryStorage();
  return createClient(firebaseTransport(functions), { storage, ...options, user: signedIn });
};

/** {@link createSessionsClient} over any transport. */
export const createClient = (transport: Transport, options: OutboxOptions = {}): SessionsClient => {
  const send = withSuccessorFollowing(transport);
  const { inTurn, write, erase, pending, flush } = createOutbox(send, options);
  return {
    createSession: (input = {}) =>
      write('createSession', { ...input, session_id: input.session_id ?? newId() }),
    getSession: (input) => inTurn(input.session_id, () => send('getSession', withRecovery(input))),
    addMessage: (input) => write('addMessage', withRecovery(withMessageId(input))),
    addMessages: (input) =>
      write('addMessages', withRecovery({ ...input, messages: input.messages.map(withMessageId) })),
    getHistory: (input) => inTurn(null, (left) => historyWithPending(send, input, left)),
    listSessions: (input = {}) => send('listSessions', input),
    endSession: (input) => inTurn(input.session_id, () => send('endSession', input)),
    submitFeedback: (input) => inTurn(input.session_id, () => send('submitFeedback', input)),
    escalateSession: (input) => inTurn(input.session_id, () => send('escalateSession', input)),
    endMySessions: (input = {}) => inTurn(null, () => send('endMySessions', input)),
    endUserSessions: (input) => send('endUserSessions', input),
    exportMyData: (input = {}) => inTurn(null, () => send('exportMyData', input)),
    exportUserData: (input) => send('exportUserData', input),
    deleteMyData: (input = {}) => erase(() => send('deleteMyData', input)),
    deleteUserData: (input) => send('deleteUserData', input),
    getActiveSessions: (input = {}) => send('getActiveSessions', input),
    clearExpiredSessions: (input = {}) => send('clearExpiredSessions', input),
    getMetrics: (input = {}) => send('getMetrics', input),
    pending,
    flush,
  };
};

const newId = (): string => crypto.randomUUID();

const withRecovery = <T extends { recover?: boolean | undefined }>(input: T) => ({
  ...input,
  recover: input.recover ?? true,
});

const withMessageId = <T extends { message_id?: string | undefined }>(message: T) => ({
  ...message,
  message_id: message.message_id ?? newId(),
});
