import type { ErrorCode, ErrorDetails } from 'kb-sessions';
import type { CallName } from 'kb-sessions-contract';
import { handlers } from './handlers.ts';

export type CallOutcome = ErrorCode | 'ok' | 'internal' | 'unimplemented';

const REFUSAL_CODES: readonly CallOutcome[] = ['unauthenticated', 'permission-denied', 'not-found'];

const severityOf = (name: CallName | null, outcome: CallOutcome, refused: boolean) => {
  if (outcome === 'internal' || outcome === 'unavailable') return 'ERROR';
  if (refused) return 'WARNING';
  if (name === null) return 'INFO';
  return handlers[name].access === 'admin' && handlers[name].sensitive ? 'NOTICE' : 'INFO';
};

/**
 * What the log has of a call. `refused: true` finds who was kept from what is not theirs, or from more than their share of
 * calls; the severity NOTICE what an admin did with all that somebody has. A name that is none is not repeated.
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
