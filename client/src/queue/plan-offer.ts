import type { CallOutput } from '../../../functions/src/contract.ts';
import { mayPass } from '../may-pass.ts';
import { SessionsError } from '../sessions-error.ts';
import { isKeptOperation, type KeptOperation, type QueuedName } from './operation.ts';
import type { Settled } from './settled.ts';

/** What becomes of a kept operation in a round of offers. */
export type Plan =
  | { do: 'settle'; settled: Settled }
  /** Its offer was answered `volatile` again. */
  | { do: 'stay'; operation: KeptOperation }
  /** It is not offered. */
  | { do: 'wait' }
  /** Neither it nor what comes after it can be offered for now; `error` where nothing newer may go first. */
  | { do: 'stop'; error: SessionsError | null };

export const planAnswer = (operation: KeptOperation, answer: CallOutput<QueuedName>): Plan => {
  if (answer.durability !== 'durable')
    return {
      do: 'stay',
      operation: { ...operation, session_id: answer.session_id, held_by: answer.held_by },
    };
  return { do: 'settle', settled: { outcome: 'durable', call: callOf(operation), ...resultOf(answer) } };
};

export const planError = (operation: KeptOperation, error: SessionsError): Plan =>
  mayPass(error.code)
    ? { do: 'stop', error: isFault(error) ? null : error }
    : { do: 'settle', settled: { outcome: 'refused', call: callOf(operation), error } };

/** A fault may last: then it must not hold up all that is newer. */
const isFault = ({ code }: SessionsError): boolean => code === 'internal' || code === 'unknown';

/** For an item that is not a kept operation. */
export const unreadable = (): Settled => ({
  outcome: 'refused',
  call: null,
  error: new SessionsError('data-loss', 'what was kept to be offered again cannot be read'),
});

/** For an item of a user that is erased: the server would refuse it. */
export const ofErased = (value: unknown): Settled => ({
  outcome: 'refused',
  call: isKeptOperation(value) ? callOf(value) : null,
  error: new SessionsError('failed-precondition', 'user has been erased', { reason: 'erased' }),
});

const callOf = ({ name, input }: KeptOperation) => ({ name, input });

const resultOf = (answer: CallOutput<QueuedName>) => {
  const { session_id } = answer;
  if (!('recovered' in answer)) return { session_id, messages: [], recovered: false, rolled_over: false };
  const { recovered, rolled_over } = answer;
  const messages =
    'messages' in answer ? answer.messages : [{ message_id: answer.message_id, seq: answer.seq }];
  return { session_id, messages, recovered, rolled_over };
};
