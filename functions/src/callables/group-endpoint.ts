import { type CallableRequest, onCall } from 'firebase-functions/https';
import { services } from '../services.ts';
import { callableOptions } from './callable-options.ts';
import { handleCall } from './handle-call.ts';
import { handlers, isCallName } from './handlers.ts';
import { withRequestInspection } from './inspect-request.ts';

/**
 * All calls in one function, `sessions/<call>`, so that they share memory, the Firestore connection and warm instances.
 * Each function of the 2nd generation is a Cloud Run service of its own and does not see the memory of another.
 */
export const sessions = withRequestInspection(
  onCall(callableOptions('sessions'), (request: CallableRequest<unknown>) => {
    const name = request.rawRequest.path.split('/').at(-1) ?? '';
    const isServed = isCallName(name) && handlers[name].deployment !== 'single';
    return handleCall(isServed ? name : null, request, services());
  }),
);
