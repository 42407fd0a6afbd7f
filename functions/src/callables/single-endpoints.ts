import { type CallableRequest, onCall } from 'firebase-functions/https';
import type { CallName } from 'kb-sessions-contract';
import { services } from '../services.ts';
import { callableOptions } from './callable-options.ts';
import { handleCall } from './handle-call.ts';
import { withRequestInspection } from './inspect-request.ts';

/**
 * Each call as a function of its own. `index.ts` exports the four that need it, because they consume App Check tokens,
 * which Firebase configures per function. To deploy the others too, add one line to `index.ts`:
 *
 * ```ts
 * export * from './callables/single-endpoints.ts';
 * ```
 *
 * getActiveSessions and getMetrics are only in `sessions`: they report the memory of the instances that serve the calls.
 */
const endpoint = <Name extends CallName>(name: Name) =>
  withRequestInspection(
    onCall(callableOptions(name), (request: CallableRequest<unknown>) =>
      handleCall(name, request, services()),
    ),
  );

export const createSession = endpoint('createSession');
export const getSession = endpoint('getSession');
export const addMessage = endpoint('addMessage');
export const addMessages = endpoint('addMessages');
export const getHistory = endpoint('getHistory');
export const listSessions = endpoint('listSessions');
export const endSession = endpoint('endSession');
export const submitFeedback = endpoint('submitFeedback');
export const escalateSession = endpoint('escalateSession');
export const endMySessions = endpoint('endMySessions');
export const endUserSessions = endpoint('endUserSessions');
export const exportMyData = endpoint('exportMyData');
export const exportUserData = endpoint('exportUserData');
export const deleteMyData = endpoint('deleteMyData');
export const deleteUserData = endpoint('deleteUserData');
export const clearExpiredSessions = endpoint('clearExpiredSessions');
