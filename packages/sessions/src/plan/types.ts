import type { SessionError } from 'kb-sessions-contract/errors';
import type { Message, Session } from 'kb-sessions-contract/records';
import type { Limits } from '../limits.ts';

/** What counts of a user when a session is opened for it. `openSessions` is about right: nothing keeps it from changing. */
export type UserState = { isErased: boolean; openSessions: number };

/** What a plan may know: sessions and users that were read, and messages that are known to be stored. */
export type ReadView = {
  /** Null: read, and not there. Undefined: not read. */
  session(session_id: string): Session | null | undefined;
  /** The same. A new id is rarely taken, so it is not looked up until a commit or a refusal gives reason to. */
  message(message_id: string): Message | null | undefined;
  /** Undefined: not read. */
  user(user_id: string): UserState | undefined;
};

export type PlanContext = {
  /** The store's own time, in milliseconds. */
  now: number;
  limits: Limits;
  /** Where a session opened by the plan goes; random, so chosen by the caller. */
  expiryShard: number;
};

/** An error for the caller. A session that it says has expired is written as that, so that nothing under way revives it. */
export type Refusal = { kind: 'refuse'; error: SessionError; expired: Session[] };

/** To be read, both in one round trip, and planned again. */
export type Load = { kind: 'load' } & LoadRequest;
export type LoadRequest =
  | { session_id: string; user_id?: string }
  | { session_id?: undefined; user_id: string };

/**
 * What an operation does to a session: `load` one more session or its user or `look` for messages and plan again, `refuse`, or
 * `apply` these new states and messages, all or none, and answer `result`. No states and no messages means there is nothing to write.
 */
export type Plan<Result> =
  | Load
  | { kind: 'look'; message_ids: string[] }
  | Refusal
  | {
      kind: 'apply';
      sessions: Session[];
      messages: Message[];
      /** How many sessions it takes from `active` to `escalated`: counted for the day in the same write. */
      escalations: number;
      result: Result;
    };

export type Planner<Result> = (view: ReadView, circumstances: PlanContext) => Plan<Result>;

export const load = (wanted: LoadRequest): Load => ({ kind: 'load', ...wanted });
export const loadMessages = (message_ids: string[]) => ({ kind: 'look', message_ids }) as const;
export const refuse = (error: SessionError, expired: Session[] = []): Refusal => ({
  kind: 'refuse',
  error,
  expired,
});
export const apply = <Result>(
  result: Result,
  writes: { sessions?: Session[]; messages?: Message[]; escalations?: number } = {},
): Plan<Result> => ({
  kind: 'apply',
  sessions: writes.sessions ?? [],
  messages: writes.messages ?? [],
  escalations: writes.escalations ?? 0,
  result,
});
