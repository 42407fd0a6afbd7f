import type { ErrorCode, ErrorDetails } from 'kb-sessions';
import type { CallName } from 'kb-sessions-contract';
import { handlers } from './handlers.ts';

/** The outcome of a call in the log and in getMetrics. */
export type CallOutcome = ErrorCode | 'ok' | 'internal' | 'unimplemented';

const REFUSAL_CODES: readonly CallOutcome[] = ['unauthenticated', 'permission-denied', 'not-found'];

const severityOf = (name: CallName | null, outcome: CallOutcome, refused: boolean) => {
  if (outcome === 'internal' || outcome === 'unavailable') return 'ERROR';
  if (refused) return 'WARNING';
  if (name === null) return 'INFO';
  return handlers[name].access === 'admin' && handlers[name].sensitive ? 'NOTICE' : 'INFO';
};

/**
 * Returns the log entry of a call, without its ids and costs. `refused: true` marks calls without permission and calls
 * over a rate limit. The severity NOTICE marks calls of admins that concern all data of a user. Unknown call names
 * are not logged.
 * @param name null for an unknown call
 */
export const callLogEntry = (name: CallName | null, outcome: CallOutcome, { reason }: ErrorDetails) => {
  const refused = REFUSAL_CODES.includes(outcome) || reason === 'rate';
  return {
    severity: severityOf(name, outcome, refused),
    message: 'call',
    ...(name !== null && { call: name }),
    outcome,
    ...(reason && { reason }),
    ...(refused && { refused }),
  } as const;
};
