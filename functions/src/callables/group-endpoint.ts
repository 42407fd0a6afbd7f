import { type CallableRequest, onCall } from 'firebase-functions/https';
import { services } from '../services.ts';
import { callableOptions } from './callable-options.ts';
import { handleCall } from './handle-call.ts';
import { handlers, isCallName } from './handlers.ts';
import { withRequestInspection } from './inspect-request.ts';

/**
 * Every call in one function, `sessions/<call>`: one memory, one Firestore connection, one warm pool. Each function
 * of the 2nd generation is a Cloud Run service of its own, and what one holds in memory another cannot see.
 */
export const sessions = withRequestInspection(
  onCall(callableOptions('sessions'), (request: CallableRequest<unknown>) => {
    const name = request.rawRequest.path.split('/').at(-1) ?? '';
    const isHere = isCallName(name) && handlers[name].deployment !== 'single';
    return handleCall(isHere ? name : null, request, services());
  }),
);
