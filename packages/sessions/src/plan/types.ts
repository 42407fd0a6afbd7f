import type { SessionError } from 'kb-sessions-contract/errors';
import type { Message, Session } from 'kb-sessions-contract/records';
import type { Limits } from '../limits.ts';

/** What a plan needs to know of a user to open a session. `openSessions` is approximate: it may change before the commit. */
export type UserState = { isErased: boolean; openSessions: number };

/** The read set as a plan sees it: the sessions and users that were read, and the messages that are known to be stored. */
export type ReadView = {
  /** Null: read, and missing. Undefined: not read. */
  session(session_id: string): Session | null | undefined;
  /**
   * Null: read, and missing. Undefined: not read. A new id is rarely taken, so a store reads messages only after a failed
   * commit or before a refusal.
   */
  message(message_id: string): Message | null | undefined;
  /** Undefined: not read. */
  user(user_id: string): UserState | undefined;
};

/** What a plan takes as given. */
export type PlanContext = {
  /** The time of the store, in milliseconds. */
  now: number;
  limits: Limits;
  /** The expiry shard of a session that the plan opens. The store chooses it at random. */
  expiryShard: number;
};

/** An error for the caller. The `expired` sessions are stored as such, so that no pending operation revives them. */
export type Refusal = { kind: 'refuse'; error: SessionError; expired: Session[] };

/** A session, a user, or both, to be read in one round trip. */
export type LoadRequest =
  | { session_id: string; user_id?: string }
  | { session_id?: undefined; user_id: string };

/** Read these documents, then plan again. */
export type Load = { kind: 'load' } & LoadRequest;

/** Read these messages, then plan again. */
export type LoadMessages = { kind: 'load-messages'; message_ids: string[] };

/**
 * What an operation does: read more and plan again, refuse, or apply. `apply` stores the new states of sessions and the new
 * messages, all or none, and answers `result`; without sessions and messages there is nothing to write.
 */
export type Plan<Result> =
  | Load
  | LoadMessages
  | Refusal
  | {
      kind: 'apply';
      sessions: Session[];
      messages: Message[];
      /** How many sessions become `escalated`. The same commit adds it to the counters of the day. */
      escalations: number;
      result: Result;
    };

/** A pure function that plans one operation. */
export type Planner<Result> = (view: ReadView, context: PlanContext) => Plan<Result>;

/** A plan that needs a session, a user, or both. */
export const load = (request: LoadRequest): Load => ({ kind: 'load', ...request });
/** A plan that needs messages. */
export const loadMessages = (message_ids: string[]): LoadMessages => ({ kind: 'load-messages', message_ids });
/** A plan that refuses the operation. `expired`: sessions whose expiry to store. */
export const refuse = (error: SessionError, expired: Session[] = []): Refusal => ({
  kind: 'refuse',
  error,
  expired,
});
/** A plan that answers `result` and stores `writes`, all or none. */
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
