import type { SendCall } from '../follow-successors.ts';
import { isSessionsError, type SessionsError } from '../sessions-error.ts';
import { decideOnAnswer, decideOnError, type FlushDecision, unreadableSettlement } from './flush-policy.ts';
import { isFutureVersion, isPendingOperation, type PendingOperation } from './pending-operation.ts';
import type { Settlement } from './settlement.ts';
import type { OutboxStorage } from './storage.ts';

type FlushOptions = {
  storage: OutboxStorage;
  send: SendCall;
  /** Returns the uid of the signed-in user. */
  currentUser(): Promise<string | null>;
  onSettled(settlement: Settlement): void;
};

export type FlushResult = {
  /** The operations that are still pending. */
  pending: readonly PendingOperation[];
  /** Returns the error that a call of this session must fail with, because older operations come first; null if none. */
  blockedBy(session_id: string): SessionsError | null;
};

/** Offers the pending operations of a user again, oldest first. */
export type Flush = (user: string) => Promise<FlushResult>;

type FlushRound = {
  /** The keys of the operations that were considered. */
  seen: Set<string>;
  /** Those of them that a server has acknowledged as `volatile`. */
  answered: Set<string>;
  /** The journals that have answered. They still hold their earlier operations. */
  journals: Set<string>;
  stopped: boolean;
  stoppedBy: SessionsError | null;
  /** The number of calls that wait for the round. */
  calls: number;
};

/**
 * Creates the flush of an outbox. A call that arrives during a round joins it and considers the operations that were
 * stored before the call. No operation is offered twice in a round. The round ends when no call waits for it.
 */
export const createFlush = ({ storage, send, currentUser, onSettled }: FlushOptions): Flush => {
  const rounds = new Map<string, FlushRound>();

  const settle = async (user: string, key: string, settlement: Settlement) => {
    if (await storage.remove(user, key)) onSettled(settlement);
  };

  const offer = async (user: string, operation: PendingOperation): Promise<FlushDecision> => {
    if ((await currentUser()) !== user) return { do: 'stop', error: null };
    try {
      return decideOnAnswer(operation, await send(operation.name, { ...operation.input, replay: true }));
    } catch (error) {
      if (!isSessionsError(error)) throw error;
      return decideOnError(operation, error);
    }
  };

  const offerUnseen = async (user: string, round: FlushRound): Promise<FlushResult> => {
    const pending: PendingOperation[] = [];
    const unanswered: PendingOperation[] = [];
    for (const { key, value } of await storage.list(user)) {
      if (isFutureVersion(value)) continue;
      if (!isPendingOperation(value)) {
        await settle(user, key, unreadableSettlement());
        continue;
      }
      const decision: FlushDecision = isDue(round, key, value) ? await offer(user, value) : { do: 'skip' };
      round.seen.add(key);
      if (decision.do === 'settle') {
        await settle(user, key, decision.settlement);
        continue;
      }
      pending.push(decision.do === 'keep' ? decision.operation : value);
      if (decision.do === 'stop') {
        round.stopped = true;
        round.stoppedBy = decision.error;
      }
      if (decision.do === 'keep') round.answered.add(key);
      const isHeld = value.held_by !== null && round.journals.has(value.held_by);
      if (!round.answered.has(key) && !isHeld) unanswered.push(value);
      if (decision.do !== 'keep') continue;
      await storage.update(user, key, decision.operation);
      if (decision.operation.held_by !== null) round.journals.add(decision.operation.held_by);
    }
    const isOfSession = (session_id: string) => (operation: PendingOperation) =>
      [operation.session_id, operation.input.session_id].includes(session_id);
    return {
      pending,
      blockedBy: (session_id) => (unanswered.some(isOfSession(session_id)) ? round.stoppedBy : null),
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
