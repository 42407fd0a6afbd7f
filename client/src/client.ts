import type { Functions } from 'firebase/functions';
import type { CallInput, CallName, CallOutput } from '../../functions/src/contract.ts';
import { firebaseTransport } from './firebase-transport.ts';
import { isSessionsError } from './sessions-error.ts';
import { toJson } from './to-json.ts';
import type { Transport } from './transport.ts';

/** Calls whose fields all have defaults may be called with nothing. */
type Arguments<N extends CallName> =
  Record<never, never> extends CallInput<N> ? [input?: CallInput<N>] : [input: CallInput<N>];

/** One method per callable. Each rejects with a `SessionsError` and nothing else. */
export type SessionsClient = { [N in CallName]: (...input: Arguments<N>) => Promise<CallOutput<N>> };

/** Each hop of `continued` passes two sessions of a chain. */
const MAX_HOPS = 10;

/**
 * The calls over the Firebase JS SDK, for browsers and Node: `createSessionsClient(getFunctions(app))`.
 *
 * - `recover` is true unless the input says otherwise.
 * - Ids of new sessions and messages are made here where the input has none, so that a request that is sent twice
 *   means the same thing. To repeat a failed `addMessage` safely, pass a `message_id` and pass it again.
 * - A session that rolled over more than once is followed to the one to use, up to {@link MAX_HOPS} hops.
 */
export const createSessionsClient = (functions: Functions): SessionsClient =>
  createClient(firebaseTransport(functions));

/** {@link createSessionsClient} over any transport. */
export const createClient = (transport: Transport): SessionsClient => {
  const send = async <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => {
    let named = input;
    for (let hops = 0; ; hops++) {
      try {
        return await transport(name, toJson(named));
      } catch (error) {
        const next = isSessionsError(error) && error.reason === 'continued' ? error.session_id : null;
        if (next === null || hops === MAX_HOPS) throw error;
        named = { ...named, session_id: next };
      }
    }
  };

  return {
    createSession: (input = {}) =>
      send('createSession', { ...input, session_id: input.session_id ?? newId() }),
    getSession: (input) => send('getSession', recovering(input)),
    addMessage: (input) => send('addMessage', recovering(identified(input))),
    addMessages: (input) =>
      send('addMessages', recovering({ ...input, messages: input.messages.map(identified) })),
    getHistory: (input) => send('getHistory', input),
    listSessions: (input = {}) => send('listSessions', input),
    endSession: (input) => send('endSession', input),
    submitFeedback: (input) => send('submitFeedback', input),
    escalateSession: (input) => send('escalateSession', input),
    getActiveSessions: (input = {}) => send('getActiveSessions', input),
    clearExpiredSessions: (input = {}) => send('clearExpiredSessions', input),
    getMetrics: (input = {}) => send('getMetrics', input),
  };
};

const newId = (): string => crypto.randomUUID();

const recovering = <T extends { recover?: boolean | undefined }>(input: T) => ({
  ...input,
  recover: input.recover ?? true,
});

const identified = <T extends { message_id?: string | undefined }>(message: T) => ({
  ...message,
  message_id: message.message_id ?? newId(),
});
