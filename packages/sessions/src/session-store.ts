import type { CallOutput } from 'kb-sessions-contract';
import type { Metadata } from 'kb-sessions-contract/metadata';
import type { Durability, Feedback, Role, Status, UserInfo } from 'kb-sessions-contract/records';

/** The owner for whom an operation acts, and the session. A store trusts the owner: the caller of the store has checked it. */
type Owned = { owner: string; session_id: string };

/** What an operation that may open a successor needs. `user` describes the owner of a successor without a predecessor. */
type Recoverable = Owned & { recover: boolean; user: UserInfo };

/**
 * Whether a fallback accepted the operation before. Then the store checks for an erasure, and a closed session passes the
 * operation on to its successor.
 */
type Replayable = { replay: boolean };

/** A message to store. */
export type NewMessage = { message_id: string; role: Role; content: string; metadata: Metadata };

/** Opens a session. */
export type CreateOperation = Owned & Replayable & { user: UserInfo };
/** Reads a session. */
export type GetOperation = Recoverable;
/** Adds messages to a session. */
export type AppendOperation = Recoverable &
  Replayable & {
    /** 1 to 10 messages, stored in this order, all or none, in one session. */
    messages: NewMessage[];
    /** How many messages of context to return; null for none. */
    context_limit: number | null;
  };
/** Reads a page of messages. `before_seq` null: the newest page. */
export type HistoryOperation = Owned & { limit: number; before_seq: number | null; full: boolean };
/** Lists the sessions of an owner. `cursor` null: the first page. `status` null: every status. */
export type ListOperation = { owner: string; limit: number; cursor: string | null; status: Status | null };
/** Ends a session. */
export type EndOperation = Owned;
/** Rates a message. */
export type FeedbackOperation = Owned & { message_id: string; rating: Feedback; comment: string | null };
/** Marks a session as waiting for a person. */
export type EscalateOperation = Owned & { reason: string | null };

/**
 * How durable an acknowledged write is. `held_by` names the journal that holds a volatile write: if a journal of another
 * name answers later, the write may be lost.
 */
export type Acknowledgement =
  | { durability: 'durable'; held_by: null }
  | { durability: 'volatile'; held_by: string | null };

/** A result as a plan knows it: without the acknowledgement, which the store adds. */
export type WithoutAck<Result extends { [Field in keyof Acknowledgement]: unknown }> = Omit<
  Result,
  keyof Acknowledgement
>;

/** The result of {@link SessionStore.create}. */
export type CreateResult = Acknowledgement & WithoutAck<CallOutput<'createSession'>>;
/** The result of {@link SessionStore.get}. */
export type GetResult = CallOutput<'getSession'>;
/** The result of {@link SessionStore.append}. */
export type AppendResult = Acknowledgement & WithoutAck<CallOutput<'addMessages'>>;
/** The result of {@link SessionStore.history}. */
export type HistoryPage = CallOutput<'getHistory'>;
/** The result of {@link SessionStore.list}. */
export type SessionPage = CallOutput<'listSessions'>;
/** The result of {@link SessionStore.end}. */
export type EndResult = CallOutput<'endSession'>;
/** The result of {@link SessionStore.feedback}. */
export type FeedbackResult = CallOutput<'submitFeedback'>;
/** The result of {@link SessionStore.escalate}. */
export type EscalateResult = CallOutput<'escalateSession'>;

/**
 * A store of sessions and messages. Every store keeps these promises, and the store contract suite of `kb-sessions/testing`
 * checks them on each:
 *
 * - **Ownership.** An operation reaches only sessions of its `owner`. A missing session and a session of another owner cause
 *   the same `not-found`.
 * - **Idempotency.** A creation or an append that is repeated with the same ids (at once, later, or after an unknown outcome)
 *   happens once and gets the first answer, even if the session has changed since; only `recovered`, `rolled_over` and
 *   `expires_at` describe the present state. The other operations may be repeated while the session is open. A
 *   `message_id` with other content is `already-exists`.
 * - **Order.** The messages of a session have `seq` 1, 2, 3 … in the order in which they were stored, without gaps and
 *   repetitions, for any number of writers.
 * - **Expiry.** A session past its `expires_at` is over for every operation, whether or not a sweep has stored that. It never
 *   opens again; a successor continues it. An operation follows one link from the id that it names. If the chain continues
 *   beyond that, the operation fails with the reason `continued` and the next id.
 * - **Copies.** A result is a copy. Changing it changes nothing in the store.
 *
 * An operation fails with a {@link SessionError}. A fault of the store itself is passed on as the store's own error.
 *
 * @example
 * ```ts
 * import type { SessionStore } from 'kb-sessions';
 *
 * export const newestMessages = async (store: SessionStore, owner: string, session_id: string) => {
 *   const page = await store.history({ owner, session_id, limit: 20, before_seq: null, full: false });
 *   return page.messages.map(({ role, content }) => `${role}: ${content}`);
 * };
 * ```
 */
export type SessionStore = {
  /** How durable the writes are that this store acknowledges. */
  readonly durability: Durability;
  /**
   * Opens a session under an id that is free.
   *
   * @throws SessionError `not-found` if another owner has the id; `failed-precondition`, reason `erased`;
   * `resource-exhausted`, reason `open_sessions`; `aborted`; `unavailable`
   */
  create(operation: CreateOperation): Promise<CreateResult>;
  /**
   * Reads a session, touches it, and follows or opens its successor if the operation allows that.
   *
   * @throws SessionError `not-found`; `failed-precondition`, reason `ended`, `expired`, `continued` or `erased`;
   * `resource-exhausted`, reason `open_sessions`; `aborted`; `unavailable`
   */
  get(operation: GetOperation): Promise<GetResult>;
  /**
   * Stores messages and returns the context that follows from them.
   *
   * @throws SessionError `already-exists` for a `message_id` with other content; otherwise as {@link SessionStore.get}
   */
  append(operation: AppendOperation): Promise<AppendResult>;
  /**
   * Returns a page of the messages of exactly this session, open or closed, oldest first.
   *
   * @throws SessionError `not-found`; `unavailable`
   */
  history(operation: HistoryOperation): Promise<HistoryPage>;
  /**
   * Returns a page of the owner's sessions, newest first. It may have fewer sessions than `limit`; only `next_cursor: null`
   * marks the end.
   *
   * @throws SessionError `invalid-argument`, field `cursor`; `unavailable`
   */
  list(operation: ListOperation): Promise<SessionPage>;
  /**
   * Ends a session. A session that is over keeps its status, which is the answer.
   *
   * @throws SessionError `not-found`; `failed-precondition`, reason `continued`; `aborted`; `unavailable`
   */
  end(operation: EndOperation): Promise<EndResult>;
  /**
   * Rates a message of exactly this session, open or closed. The last rating replaces earlier ones.
   *
   * @throws SessionError `not-found`; `aborted`; `unavailable`
   */
  feedback(operation: FeedbackOperation): Promise<FeedbackResult>;
  /**
   * Marks an open session as waiting for a person.
   *
   * @throws SessionError `not-found`; `failed-precondition`, reason `ended`, `expired` or `continued`; `aborted`;
   * `unavailable`
   */
  escalate(operation: EscalateOperation): Promise<EscalateResult>;
};

/** The name of an operation. */
export type OperationName = Exclude<keyof SessionStore, 'durability'>;

const operations: Record<OperationName, true> = {
  create: true,
  get: true,
  append: true,
  history: true,
  list: true,
  end: true,
  feedback: true,
  escalate: true,
};

/** The names of all operations. */
export const OPERATION_NAMES = Object.keys(operations) as readonly OperationName[];

/** A store that runs every operation of another store inside `around`. */
export const decorateStore = (
  store: SessionStore,
  around: <Result>(work: () => Promise<Result>) => Promise<Result>,
): SessionStore => {
  const decorated: Record<string, unknown> = { durability: store.durability };
  for (const name of OPERATION_NAMES)
    decorated[name] = (operation: never) => around<unknown>(() => store[name](operation));
  // Each name has the function of that name. TypeScript does not infer that from the loop.
  return decorated as unknown as SessionStore;
};
