import type { CallOutput } from 'kb-sessions-contract';
import { isRetryable } from '../is-retryable.ts';
import { SessionsError } from '../sessions-error.ts';
import { isPendingOperation, type OutboxCallName, type PendingOperation } from './pending-operation.ts';
import type { Settlement } from './settlement.ts';

/** What becomes of a kept operation in a round of offers. */
export type FlushDecision =
  | { do: 'settle'; settled: Settlement }
  /** Its offer was answered `volatile` again. */
  | { do: 'stay'; operation: PendingOperation }
  /** It is not offered. */
  | { do: 'wait' }
  /** Neither it nor what comes after it can be offered for now; `error` where nothing newer may go first. */
  | { do: 'stop'; error: SessionsError | null };

export const decideOnAnswer = (
  operation: PendingOperation,
  answer: CallOutput<OutboxCallName>,
): FlushDecision => {
  if (answer.durability !== 'durable')
    return {
      do: 'stay',
      operation: { ...operation, session_id: answer.session_id, held_by: answer.held_by },
    };
  return { do: 'settle', settled: { outcome: 'durable', call: callOf(operation), ...durableResult(answer) } };
};

export const decideOnError = (operation: PendingOperation, error: SessionsError): FlushDecision =>
  isRetryable(error.code)
    ? { do: 'stop', error: isServerFault(error) ? null : error }
    : { do: 'settle', settled: { outcome: 'refused', call: callOf(operation), error } };

/** A fault may last: then it must not hold up all that is newer. */
const isServerFault = ({ code }: SessionsError): boolean => code === 'internal' || code === 'unknown';

/** For an item that is not a kept operation. */
export const unreadableSettlement = (): Settlement => ({
  outcome: 'refused',
  call: null,
  error: new SessionsError('data-loss', 'what was kept to be offered again cannot be read'),
});

/** For an item of a user that is erased: the server would refuse it. */
export const erasedSettlement = (value: unknown): Settlement => ({
  outcome: 'refused',
  call: isPendingOperation(value) ? callOf(value) : null,
  error: new SessionsError('failed-precondition', 'user has been erased', { reason: 'erased' }),
});

const callOf = ({ name, input }: PendingOperation) => ({ name, input });

const durableResult = (answer: CallOutput<OutboxCallName>) => {
  const { session_id } = answer;
  if (!('recovered' in answer)) return { session_id, messages: [], recovered: false, rolled_over: false };
  const { recovered, rolled_over } = answer;
  const messages =
    'messages' in answer ? answer.messages : [{ message_id: answer.message_id, seq: answer.seq }];
  return { session_id, messages, recovered, rolled_over };
};
