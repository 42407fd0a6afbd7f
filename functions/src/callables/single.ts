import { type CallableRequest, onCall } from 'firebase-functions/https';
import { services } from '../services.ts';
import type { CallName } from 'kb-sessions-contract';
import { handleCall } from './handle-call.ts';
import { withRequestInspection } from './inspect-request.ts';
import { callableOptions } from './callable-options.ts';

const deployed = <Name extends CallName>(name: Name) =>
  withRequestInspection(
    onCall(callableOptions(name), (request: CallableRequest<unknown>) =>
      handleCall(name, request, services()),
    ),
  );

/**
 * The calls one by one, for those who deploy single functions. Not getActiveSessions and getMetrics: they look into
 * the memory of the instance that serves the others, which is the group's.
 */
export const createSession = deployed('createSession');
export const getSession = deployed('getSession');
export const addMessage = deployed('addMessage');
export const addMessages = deployed('addMessages');
export const getHistory = deployed('getHistory');
export const listSessions = deployed('listSessions');
export const endSession = deployed('endSession');
export const submitFeedback = deployed('submitFeedback');
export const escalateSession = deployed('escalateSession');
export const endMySessions = deployed('endMySessions');
export const endUserSessions = deployed('endUserSessions');
export const exportMyData = deployed('exportMyData');
export const exportUserData = deployed('exportUserData');
export const deleteMyData = deployed('deleteMyData');
export const deleteUserData = deployed('deleteUserData');
export const clearExpiredSessions = deployed('clearExpiredSessions');
