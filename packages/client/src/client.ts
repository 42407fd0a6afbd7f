import { getAuth } from 'firebase/auth';
import type { Functions } from 'firebase/functions';
import type { CallInput, CallName, CallOutput } from './contract-types.ts';
import { withSuccessorFollowing } from './follow-successors.ts';
import { indexedDbStorage } from './outbox/indexed-db-storage.ts';
import { memoryStorage } from './outbox/memory-storage.ts';
import { createOutbox, type Outbox, type OutboxOptions } from './outbox/outbox.ts';
import { historyWithPending } from './outbox/pending-history.ts';
import { firebaseTransport } from './transports/firebase-transport.ts';
import type { Transport } from './transports/transport.ts';

/** The input is optional for calls whose fields all have defaults. */
type Arguments<N extends CallName> =
  Record<never, never> extends CallInput<N> ? [input?: CallInput<N>] : [input: CallInput<N>];

type Calls = { [N in CallName]: (...input: Arguments<N>) => Promise<CallOutput<N>> };

/** One method per call, and two for pending operations. Each rejects with a {@link SessionsError} and nothing else. */
export type SessionsClient = Calls & Pick<Outbox, 'pending' | 'flush'>;

/**
 * Creates a client over the Firebase JS SDK, for browsers and Node.
 *
 * - `recover` is true unless the input sets it.
 * - The client makes the ids of new sessions and messages that the input does not set, so that a request that is sent
 *   twice takes effect once. To repeat a failed `addMessage` safely, pass a `message_id` and pass it again.
 * - It follows the successors of a session that rolled over more than once.
 * - The outbox keeps operations that are acknowledged as `volatile`, in IndexedDB if there is one. It offers them again
 *   before any newer call of the same user, until they are `durable` or refused for good. Call `flush` to offer them at
 *   other times: the client has no timers. While the outbox is full, calls that could add to it are `resource-exhausted`,
 *   without a reason.
 * - `deleteMyData` also clears the outbox of the user. `onSettled` reports those operations as refused with the reason
 *   `erased`.
 *
 * @param functions - the Functions of an app. Firebase Auth of the same app determines the signed-in user; an app
 *   that uses `initializeAuth` must call it first.
 * @param options - the storage and the listeners of the outbox
 *
 * @example
 * ```ts
 * import { initializeApp } from 'firebase/app';
 * import { getAuth, signInAnonymously } from 'firebase/auth';
 * import { getFunctions } from 'firebase/functions';
 * import { createSessionsClient } from 'kb-sessions-client';
 *
 * const app = initializeApp({ projectId: 'demo-kb-sessions', apiKey: 'any' });
 * await signInAnonymously(getAuth(app));
 * const sessions = createSessionsClient(getFunctions(app), {
 *   onPending: (count) => console.log(`${count} operations are not durable yet`),
 * });
 * const { session_id } = await sessions.createSession();
 * await sessions.addMessage({ session_id, role: 'user', content: 'What does erf size mean?' });
 * ```
 */
export const createSessionsClient = (
  functions: Functions,
  options: Omit<OutboxOptions, 'user'> = {},
): SessionsClient => {
  const { projectId = '', apiKey } = functions.app.options;
  const user = async (): Promise<string | null> => {
    // An app without an API key has no Auth and so no user.
    if (apiKey === undefined) return null;
    const auth = getAuth(functions.app);
    await auth.authStateReady();
    return auth.currentUser?.uid ?? null;
  };
  const storage = 'indexedDB' in globalThis ? indexedDbStorage(projectId) : memoryStorage();
  return createClient(firebaseTransport(functions), { storage, ...options, user });
};

/**
 * Creates a client over any transport, as {@link createSessionsClient} does over the Firebase JS SDK. The outbox is only
 * used if `options.user` returns a user.
 *
 * @param transport - carries the calls
 * @param options - the user, the storage and the listeners of the outbox
 *
 * @example
 * ```ts
 * import { createClient, directTransport, type DirectCallable } from 'kb-sessions-client';
 *
 * const createSession: DirectCallable = {
 *   run: () => ({ session_id: 'fake', expires_at: '2030-01-01T00:00:00.000Z', durability: 'durable', held_by: null }),
 * };
 * const sessions = createClient(directTransport({ createSession }));
 * console.log(await sessions.createSession());
 * ```
 */
export const createClient = (transport: Transport, options: OutboxOptions = {}): SessionsClient => {
  const send = withSuccessorFollowing(transport);
  const { afterFlush, sendWrite, sendErasure, pending, flush } = createOutbox(send, options);
  return {
    createSession: (input = {}) =>
      sendWrite('createSession', { ...input, session_id: input.session_id ?? newId() }),
    getSession: (input) => afterFlush(input.session_id, () => send('getSession', withRecovery(input))),
    addMessage: (input) => sendWrite('addMessage', withRecovery(withMessageId(input))),
    addMessages: (input) =>
      sendWrite('addMessages', withRecovery({ ...input, messages: input.messages.map(withMessageId) })),
    getHistory: (input) => afterFlush(null, (operations) => historyWithPending(send, input, operations)),
    listSessions: (input = {}) => send('listSessions', input),
    endSession: (input) => afterFlush(input.session_id, () => send('endSession', input)),
    submitFeedback: (input) => afterFlush(input.session_id, () => send('submitFeedback', input)),
    escalateSession: (input) => afterFlush(input.session_id, () => send('escalateSession', input)),
    endMySessions: (input = {}) => afterFlush(null, () => send('endMySessions', input)),
    endUserSessions: (input) => send('endUserSessions', input),
    exportMyData: (input = {}) => afterFlush(null, () => send('exportMyData', input)),
    exportUserData: (input) => send('exportUserData', input),
    deleteMyData: (input = {}) => sendErasure(() => send('deleteMyData', input)),
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
