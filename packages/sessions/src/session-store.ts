import type { Metadata } from 'kb-sessions-contract/metadata';
import type { Durability, Feedback, MessageView, Role, Status, UserInfo } from 'kb-sessions-contract/records';
import type { HistoryMessage, MemoryMetadata, SessionView } from 'kb-sessions-contract/views';

/** Who an operation acts for. A store trusts it: whoever calls a store has settled whose session this may be. */
type Owned = { owner: string; session_id: string };

/** What an operation that may open a successor needs. `user` is used where there is no predecessor to take it from. */
type Recovering = Owned & { recover: boolean; user: UserInfo };

export type NewMessage = { message_id: string; role: Role; content: string; metadata: Metadata };

/** Whether an operation is offered again that a fallback had accepted. Then erasure is looked for, and a session that is over passes it on to its successor. */
type Replayable = { replay: boolean };

export type CreateOperation = Owned & Replayable & { user: UserInfo };
export type GetOperation = Recovering;
export type AppendOperation = Recovering &
  Replayable & {
    /** 1 to 10, stored in order, all or none, in one session. */
    messages: NewMessage[];
    /** How many messages of context to return; null for none. */
    context_limit: number | null;
  };
export type HistoryOperation = Owned & { limit: number; before_seq: number | null; full: boolean };
export type ListOperation = { owner: string; limit: number; cursor: string | null; status: Status | null };
export type EndOperation = Owned;
export type FeedbackOperation = Owned & { message_id: string; rating: Feedback; comment: string | null };
export type EscalateOperation = Owned & { reason: string | null };

/** How durable what is answered is, and for `volatile` which journal holds it: another name later means that it may be lost there. */
export type Acknowledgement =
  | { durability: 'durable'; held_by: null }
  | { durability: 'volatile'; held_by: string | null };

/** What a plan knows of an answer. */
export type WithoutAck<Answer extends Acknowledgement> = Omit<Answer, keyof Acknowledgement>;

export type CreateResult = Acknowledgement & { session_id: string; expires_at: string };
export type GetResult = {
  session: SessionView;
  recovered: boolean;
  rolled_over: boolean;
  durability: Durability;
  /** Of a session that is kept in memory while the primary is away; otherwise null. */
  metadata: MemoryMetadata | null;
};
export type AppendResult = Acknowledgement & {
  session_id: string;
  /** `seq` is null only while volatile. */
  messages: { message_id: string; seq: number | null }[];
  recovered: boolean;
  rolled_over: boolean;
  context: MessageView[] | null;
  context_complete: boolean | null;
};
export type HistoryPage = {
  session_id: string;
  messages: HistoryMessage[];
  next_before_seq: number | null;
  complete: boolean;
};
export type SessionPage = { sessions: SessionView[]; next_cursor: string | null };
export type EndResult = { session_id: string; status: Status };
export type FeedbackResult = { session_id: string; message_id: string; rating: Feedback };

/**
 * Where conversations live. Every store promises, and one contract suite checks on each:
 *
 * - **Ownership.** An operation reaches sessions of its `owner` only. A missing session and somebody else's are the
 *   same `not-found`.
 * - **Idempotency.** A creation or an append that is repeated with the same ids, at once, later or after an unclear
 *   outcome, happens once and is answered as the first time, whatever became of the session meanwhile; only `recovered`,
 *   `rolled_over` and `expires_at` tell how things are now. The others may be repeated while the session is open. A
 *   `message_id` with other content is `already-exists`.
 * - **Order.** Messages of a session have `seq` 1, 2, 3 … in the order they were stored, without gaps or repeats,
 *   whatever the number of writers.
 * - **Life.** A session past its `expires_at` is over for every operation, swept or not, and is never opened again:
 *   it is continued by its successor. One link is followed from the id that was named; where the chain goes on behind
 *   that, the operation fails with the reason `continued` and the next id.
 * - **Answers are copies.** Changing one changes nothing stored.
 *
 * An operation fails with a {@link SessionError} or, where the store itself is broken, with the store's own error.
 */
export type SessionStore = {
  /** What an acknowledgement of this store means. */
  readonly durability: Durability;
  /** Opens a session under an id that is free. A taken id that is somebody else's is `not-found`. */
  create(operation: CreateOperation): Promise<CreateResult>;
  /** Reads a session, touches it, and follows or opens its successor as asked. */
  get(operation: GetOperation): Promise<GetResult>;
  /** Stores messages and returns the context they leave. */
  append(operation: AppendOperation): Promise<AppendResult>;
  /** A page of the messages of exactly this session, open or over, oldest first. */
  history(operation: HistoryOperation): Promise<HistoryPage>;
  /** The owner's sessions, newest first. A page may be shorter than `limit`; only `next_cursor: null` says the end. */
  list(operation: ListOperation): Promise<SessionPage>;
  /** Ends a session; one that is over already is answered with the status it has. */
  end(operation: EndOperation): Promise<EndResult>;
  /** Rates a message of exactly this session, open or over; the last rating stands. */
  feedback(operation: FeedbackOperation): Promise<FeedbackResult>;
  /** Marks an open session as waiting for a human. */
  escalate(operation: EscalateOperation): Promise<EndResult>;
};

export type OperationName = Exclude<keyof SessionStore, 'durability'>;

/** Every operation of a store, once: what is added here is decorated, metered and checked with the others. */
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

export const OPERATION_NAMES = Object.keys(operations) as readonly OperationName[];

/** A store whose every operation runs inside `around`. */
export const decorateStore = (
  store: SessionStore,
  around: <Result>(work: () => Promise<Result>) => Promise<Result>,
): SessionStore => {
  const decorated: Record<string, unknown> = { durability: store.durability };
  for (const name of OPERATION_NAMES)
    decorated[name] = (operation: never) => around<unknown>(() => store[name](operation));
  // Each name has the function of that name, which TypeScript does not follow through the loop.
  return decorated as unknown as SessionStore;
};
