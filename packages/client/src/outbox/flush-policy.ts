import type { CallOutput } from '../contract-types.ts';
import { isRetryable } from '../is-retryable.ts';
import { SessionsError } from '../sessions-error.ts';
import { isPendingOperation, type OutboxCallName, type PendingOperation } from './pending-operation.ts';
import type { Settlement } from './settlement.ts';

/** The decision of a flush about a pending operation. */
export type FlushDecision =
  | { do: 'settle'; settlement: Settlement }
  /** The server acknowledged it as `volatile` again. */
  | { do: 'keep'; operation: PendingOperation }
  /** It was not offered. */
  | { do: 'skip' }
  /** Neither it nor a later operation can be offered now. Newer calls of its session fail with `error`; null: they pass. */
  | { do: 'stop'; error: SessionsError | null };

export const decideOnAnswer = (
  operation: PendingOperation,
  answer: CallOutput<OutboxCallName>,
): FlushDecision => {
  if (answer.durability !== 'durable')
    return {
      do: 'keep',
      operation: { ...operation, session_id: answer.session_id, held_by: answer.held_by },
    };
  return {
    do: 'settle',
    settlement: { outcome: 'durable', call: callOf(operation), ...durableResult(answer) },
  };
};

export const decideOnError = (operation: PendingOperation, error: SessionsError): FlushDecision =>
  isRetryable(error.code)
    ? { do: 'stop', error: isServerFault(error) ? null : error }
    : { do: 'settle', settlement: { outcome: 'refused', call: callOf(operation), error } };

/** A server fault may last, so it must not block newer calls. */
const isServerFault = ({ code }: SessionsError): boolean => code === 'internal' || code === 'unknown';

/** The settlement of an item that is not a pending operation. */
export const unreadableSettlement = (): Settlement => ({
  outcome: 'refused',
  call: null,
  error: new SessionsError('data-loss', 'a pending operation cannot be read'),
});

/** The settlement of an item of an erased user. The server would refuse it. */
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
