import type { CallInput, CallName, CallOutput } from './contract-types.ts';
import { isSessionsError } from './sessions-error.ts';
import { toJson } from './to-json.ts';
import type { Transport } from './transports/transport.ts';

/** Sends one call. */
export type SendCall = <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>;

/** The server follows one link itself, so each redirect passes two sessions of a chain. */
const MAX_REDIRECTS = 10;

/** Sends calls over `transport`, and follows the successors of a session that was continued, at most {@link MAX_REDIRECTS} times. */
export const withSuccessorFollowing =
  (transport: Transport): SendCall =>
  async (name, input) => {
    let request = input;
    for (let redirects = 0; ; redirects++) {
      try {
        return await transport(name, toJson(request));
      } catch (error) {
        const next = isSessionsError(error) && error.reason === 'continued' ? error.session_id : null;
        if (next === null || redirects === MAX_REDIRECTS) throw error;
        request = { ...request, session_id: next };
      }
    }
  };
