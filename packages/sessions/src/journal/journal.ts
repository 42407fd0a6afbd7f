import { createHash } from 'node:crypto';
import type { RefusalReason, SessionError } from 'kb-sessions-contract/errors';
import { unavailableError } from '../session-errors.ts';
import type { AppendOperation, CreateOperation } from '../session-store.ts';

/** The owner and the session of pending operations, which are kept and replayed in order. */
export type SessionKey = { owner: string; session_id: string };

/** A pending operation: accepted in degraded mode, and neither stored nor refused by the primary yet. */
export type Entry = {
  /** The id with which the operation is repeated: of the session that it creates, or of the first message that it appends. */
  entry_id: string;
  /** When it was accepted, in milliseconds by the clock of the instance that accepted it. */
  accepted_at: number;
} & ({ kind: 'create'; operation: CreateOperation } | { kind: 'append'; operation: AppendOperation });

/** An entry that cannot be read any more. The replay refuses it. */
export type BrokenEntry = { kind: 'broken'; entry_id: string };

export type { RefusalReason };

/** What a journal holds. */
export type JournalSize = {
  /** Pending operations. */
  entries: number;
  /** Their bytes. */
  bytes: number;
  /** Sessions that pending operations create. */
  sessions: number;
};

/** `held_by` names the journal that holds the entry: while the name stays the same, the journal has lost nothing. `isNew`: it did not hold the entry before. */
export type AcceptResult = { held_by: string; isNew: boolean };

type Bounds = { entries: number; bytes: number };

/** The bounds of a journal. `perOwner` keeps one user from filling it; omit it where no user could. */
export type JournalBounds = Bounds & { perOwner?: Bounds };

/**
 * The ordered operations that were accepted while the primary was unavailable. Every journal keeps these promises, and the
 * journal contract suite of `kb-sessions/testing` checks them on each:
 *
 * - **Nothing is dropped.** An entry stays until it is removed or refused. An entry that does not fit into the bounds, in
 *   entries and in bytes, in total and for its owner, is not accepted: `unavailable`.
 * - **Once.** An entry whose ids are pending with the same content for the same session key is held once. An id that is
 *   pending with other content, or for another session of the same owner, is `already-exists`. Pending ids of another owner
 *   have no effect: only the primary decides who owns an id.
 * - **Order.** The entries of a session key come in the order in which they were accepted. A creation comes first: no other
 *   entry of the session can be stored before it, and a client that repeats it may be late.
 * - **Entries do not change.** The journal holds a copy of what it accepted, and readers must not change an entry.
 *
 * An error that is not a SessionError means that the journal itself is unavailable.
 *
 * @example
 * ```ts
 * import type { Journal } from 'kb-sessions';
 *
 * export const countPending = async (journal: Journal, owner: string, session_id: string) => {
 *   const entries = await journal.pending({ owner, session_id });
 *   return entries.filter(({ kind }) => kind === 'append').length;
 * };
 * ```
 */
export type Journal = {
  /** Whether the journal knows without a request that nothing is pending. Always false for a shared journal. */
  readonly isKnownEmpty: boolean;
  /**
   * Holds an entry.
   *
   * @throws SessionError `already-exists` if an id of the entry is pending with other content; `unavailable` if the journal
   * is full
   */
  accept(entry: Entry): Promise<AcceptResult>;
  /** The first entry of a session key; null if nothing is pending for it. */
  next(key: SessionKey): Promise<Entry | BrokenEntry | null>;
  /** All entries of a session key, in order. */
  pending(key: SessionKey): Promise<readonly Entry[]>;
  /** Session keys with entries, at most `limit`. The key that has been pending longest comes first. */
  pendingSessions(limit: number): Promise<SessionKey[]>;
  /** Removes an entry if it is the first of its session key. Returns whether it was. Idempotent. */
  remove(key: SessionKey, entry_id: string): Promise<boolean>;
  /** Removes an entry in the same way, and remembers that it was refused and why, but not its content. */
  refuse(key: SessionKey, entry_id: string, reason: RefusalReason): Promise<boolean>;
  /**
   * Removes all entries of an owner. Returns how many. Refusals stay: they hold a digest over random ids, which identifies
   * no user.
   */
  removeOwner(owner: string): Promise<number>;
  /** Why an operation was refused for good; null if it was not refused, or so long ago that the refusal was dropped. */
  refusal(operation: CreateOperation | AppendOperation): Promise<RefusalReason | null>;
  size(): Promise<JournalSize>;
};

/** How many refusals a journal remembers. It drops the oldest first; then a repeated operation goes to the primary again. */
export const MAX_REFUSALS = 10_000;

/** The ids of an entry: of the session that it creates, or of the messages that it appends. */
export const entryIds = (entry: Entry): string[] =>
  entry.kind === 'create' ? [entry.entry_id] : entry.operation.messages.map(({ message_id }) => message_id);

/** The ids of an entry together with its owner: no other entry of the owner may have them. */
export const ownedIds = (entry: Entry): string[] =>
  entryIds(entry).map((id) => JSON.stringify([entry.operation.owner, id]));

/** The session key of an operation, without its other fields. */
export const sessionKey = ({ owner, session_id }: SessionKey): SessionKey => ({ owner, session_id });

/** A session key as a string. JSON, so that no owner can be chosen to make two keys equal. */
export const keyName = ({ owner, session_id }: SessionKey): string => JSON.stringify([owner, session_id]);

/** The bytes of an entry, as the bounds count them. */
export const entryBytes = (entry: Entry): number => Buffer.byteLength(JSON.stringify(entry));

/** A digest that is equal for operations with the same session key, ids and content; other fields have no effect. */
export const operationDigest = (operation: CreateOperation | AppendOperation): string => {
  const content = 'messages' in operation ? operation.messages : null;
  const identity = JSON.stringify([keyName(operation), content], sortKeys);
  return createHash('sha256').update(identity).digest('base64url');
};

/** A replacer for JSON.stringify that sorts the keys of objects. */
const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** `unavailable`: a journal, or the share of one owner, has no room for another entry. It never drops one to make room. */
export const journalFullError = ({ entries, bytes, perOwner }: JournalBounds): SessionError => {
  const share = perOwner ? `, per owner ${perOwner.entries} entries and ${perOwner.bytes} bytes` : '';
  return unavailableError(
    new Error(`journal is full: it holds at most ${entries} entries and ${bytes} bytes${share}`),
  );
};
