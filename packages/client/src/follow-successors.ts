import type { CallInput, CallName, CallOutput } from 'kb-sessions-contract';
import { isSessionsError } from './sessions-error.ts';
import { toJson } from './to-json.ts';
import type { Transport } from './transports/transport.ts';

/** One call, sent. */
export type SendCall = <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>;

/** Each hop of `continued` passes two sessions of a chain. */
const MAX_HOPS = 10;

/** Sends over `transport`, and on to the session that continues the one named, up to {@link MAX_HOPS} hops. */
export const withSuccessorFollowing =
  (transport: Transport): SendCall =>
  async (name, input) => {
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
