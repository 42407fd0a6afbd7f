import type { SendCall } from '../follow-successors.ts';
import { isSessionsError, type SessionsError } from '../sessions-error.ts';
import { decideOnAnswer, decideOnError, type FlushDecision, unreadableSettlement } from './flush-policy.ts';
import { isFutureVersion, isPendingOperation, type PendingOperation } from './pending-operation.ts';
import type { Settlement } from './settlement.ts';
import type { OutboxStorage } from './storage.ts';

type FlushOptions = {
  storage: OutboxStorage;
  send: SendCall;
  /** Who is signed in. */
  user(): Promise<string | null>;
  onSettled(settled: Settlement): void;
};

export type FlushResult = {
  /** What is still kept. */
  pending: readonly PendingOperation[];
  /** Why a call of this session may not go before what is left of it; null if it may. */
  blockedBy(session_id: string): SessionsError | null;
};

/** Offers a user's kept operations again, oldest first. */
export type Flush = (user: string) => Promise<FlushResult>;

type FlushRound = {
  seen: Set<string>;
  /** Of these, those that a server has answered. */
  answered: Set<string>;
  /** Journals that have answered: what they held before they still hold. */
  journals: Set<string>;
  stopped: boolean;
  stoppedBy: SessionsError | null;
  /** How many calls wait for it. */
  calls: number;
};

/**
 * Calls that come during a round join it: each looks once more for what was kept before it came, and nothing is offered
 * twice in a round. The round is over when nobody waits for it.
 */
export const createFlush = ({ storage, send, user: current, onSettled }: FlushOptions): Flush => {
  const rounds = new Map<string, FlushRound>();

  const settle = async (user: string, key: string, settled: Settlement) => {
    if (await storage.remove(user, key)) onSettled(settled);
  };

  const offer = async (user: string, operation: PendingOperation): Promise<FlushDecision> => {
    if ((await current()) !== user) return { do: 'stop', error: null };
    try {
      return decideOnAnswer(operation, await send(operation.name, { ...operation.input, replay: true }));
    } catch (error) {
      if (!isSessionsError(error)) throw error;
      return decideOnError(operation, error);
    }
  };

  const offerUnseen = async (user: string, round: FlushRound): Promise<FlushResult> => {
    const left: PendingOperation[] = [];
    const unanswered: PendingOperation[] = [];
    for (const { key, value } of await storage.list(user)) {
      if (isFutureVersion(value)) continue;
      if (!isPendingOperation(value)) {
        await settle(user, key, unreadableSettlement());
        continue;
      }
      const plan: FlushDecision = isDue(round, key, value) ? await offer(user, value) : { do: 'wait' };
      round.seen.add(key);
      if (plan.do === 'settle') {
        await settle(user, key, plan.settled);
        continue;
      }
      left.push(plan.do === 'stay' ? plan.operation : value);
      if (plan.do === 'stop') {
        round.stopped = true;
        round.stoppedBy = plan.error;
      }
      if (plan.do === 'stay') round.answered.add(key);
      const isHeld = value.held_by !== null && round.journals.has(value.held_by);
      if (!round.answered.has(key) && !isHeld) unanswered.push(value);
      if (plan.do !== 'stay') continue;
      await storage.update(user, key, plan.operation);
      if (plan.operation.held_by !== null) round.journals.add(plan.operation.held_by);
    }
    const isOf = (session_id: string) => (operation: PendingOperation) =>
      [operation.session_id, operation.input.session_id].includes(session_id);
    return {
      pending: left,
      blockedBy: (session_id) => (unanswered.some(isOf(session_id)) ? round.stoppedBy : null),
    };
  };

  return async (user) => {
    const round: FlushRound = rounds.get(user) ?? {
      seen: new Set(),
      answered: new Set(),
      journals: new Set(),
      stopped: false,
      stoppedBy: null,
      calls: 0,
    };
    rounds.set(user, round);
    round.calls++;
    try {
      return await storage.withLock(user, () => offerUnseen(user, round));
    } finally {
      if (--round.calls === 0) rounds.delete(user);
    }
  };
};

const isDue = (
  { seen, journals, stopped }: FlushRound,
  key: string,
  { held_by }: PendingOperation,
): boolean => !stopped && !seen.has(key) && !(held_by !== null && journals.has(held_by));
