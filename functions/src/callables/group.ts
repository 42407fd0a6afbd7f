import { type CallableRequest, onCall } from 'firebase-functions/https';
import { theInstance } from '../compose.ts';
import { calls, isCallName } from './calls.ts';
import { handleCall } from './handle-call.ts';
import { inspected } from './inspected.ts';
import { optionsOf } from './options.ts';

/**
 * Every call in one function, `sessions/<call>`: one memory, one Firestore connection, one warm pool. Each function
 * of the 2nd generation is a Cloud Run service of its own, and what one holds in memory another cannot see.
 */
export const sessions = inspected(
  onCall(optionsOf('sessions'), (request: CallableRequest<unknown>) => {
    const name = request.rawRequest.path.split('/').at(-1) ?? '';
    const isHere = isCallName(name) && calls[name].deployed !== 'single';
    return handleCall(isHere ? name : null, request, theInstance());
  }),
);
