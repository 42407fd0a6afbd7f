import type { Send } from '../follow.ts';
import { isSessionsError, type SessionsError } from '../sessions-error.ts';
import { isKeptOperation, isOfLaterForm, type KeptOperation } from './operation.ts';
import type { OperationStorage } from './operation-storage.ts';
import { type Plan, planAnswer, planError, unreadable } from './plan-offer.ts';
import type { Settled } from './settled.ts';

type Parts = {
  storage: OperationStorage;
  send: Send;
  /** Who is signed in. */
  user(): Promise<string | null>;
  onSettled(settled: Settled): void;
};

export type Offered = {
  /** What is still kept. */
  left: readonly KeptOperation[];
  /** Why a call of this session may not go before what is left of it; null if it may. */
  heldUpBy(session_id: string): SessionsError | null;
};

/** Offers a user's kept operations again, oldest first. */
export type OfferAgain = (user: string) => Promise<Offered>;

type Round = {
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
export const createOfferAgain = ({ storage, send, user: current, onSettled }: Parts): OfferAgain => {
  const rounds = new Map<string, Round>();

  const settle = async (user: string, key: string, settled: Settled) => {
    if (await storage.take(user, key)) onSettled(settled);
  };

  const offer = async (user: string, operation: KeptOperation): Promise<Plan> => {
    if ((await current()) !== user) return { do: 'stop', error: null };
    try {
      return planAnswer(operation, await send(operation.name, { ...operation.input, replay: true }));
    } catch (error) {
      if (!isSessionsError(error)) throw error;
      return planError(operation, error);
    }
  };

  const offerUnseen = async (user: string, round: Round): Promise<Offered> => {
    const left: KeptOperation[] = [];
    const unanswered: KeptOperation[] = [];
    for (const { key, value } of await storage.list(user)) {
      if (isOfLaterForm(value)) continue;
      if (!isKeptOperation(value)) {
        await settle(user, key, unreadable());
        continue;
      }
      const plan: Plan = isDue(round, key, value) ? await offer(user, value) : { do: 'wait' };
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
    const isOf = (session_id: string) => (operation: KeptOperation) =>
      [operation.session_id, operation.input.session_id].includes(session_id);
    return {
      left,
      heldUpBy: (session_id) => (unanswered.some(isOf(session_id)) ? round.stoppedBy : null),
    };
  };

  return async (user) => {
    const round: Round = rounds.get(user) ?? {
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
      return await storage.exclusively(user, () => offerUnseen(user, round));
    } finally {
      if (--round.calls === 0) rounds.delete(user);
    }
  };
};

const isDue = ({ seen, journals, stopped }: Round, key: string, { held_by }: KeptOperation): boolean =>
  !stopped && !seen.has(key) && !(held_by !== null && journals.has(held_by));
