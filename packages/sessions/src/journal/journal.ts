import { createHash } from 'node:crypto';
import type { RefusalReason, SessionError } from 'kb-sessions-contract/errors';
import { unavailableError } from '../session-errors.ts';
import type { AppendOperation, CreateOperation } from '../session-store.ts';

/** The operations of one owner on one session: they are kept and replayed in order. */
export type SessionKey = { owner: string; session_id: string };

/** An operation that the fallback has accepted and the primary has not taken yet. */
export type Entry = {
  /** The id that the operation is repeated with: of the session it opens, or of the first message it appends. */
  entry_id: string;
  /** By the clock of the instance that accepted it, in milliseconds. */
  accepted_at: number;
} & ({ kind: 'create'; operation: CreateOperation } | { kind: 'append'; operation: AppendOperation });

/** An entry that cannot be read any more: it is to be refused. */
export type BrokenEntry = { kind: 'broken'; entry_id: string };

export type { RefusalReason };

export type JournalSize = {
  entries: number;
  bytes: number;
  /** Sessions that waiting entries open. */
  sessions: number;
};

/**
 * Where operations wait while the primary is away. Every journal promises, and `journalContract` checks on each:
 *
 * - **Nothing accepted is dropped.** An entry stays until it is taken off its line. Where there is no room for one
 *   within the bounds, in entries and in bytes, of all and of its owner, it is refused with `unavailable`.
 * - **Once.** An entry whose ids wait already, with the same content and on the same line, is held once. Any of its ids
 *   with other content, or on another line of the same owner, is `already-exists`. What another owner has waiting says
 *   nothing: whose an id is only the primary decides.
 * - **Order.** A line gives its entries in the order they were accepted; but a creation comes first, since nothing else on
 *   its line can be done without it, and a client that brings one back may bring it late.
 * - **Entries do not change**: what is accepted is a copy, and who reads one leaves it as it is.
 *
 * Anything it fails with that is not a SessionError means that the journal itself is away.
 */
export type Journal = {
  /** Nothing waits, and that is known without asking: calls have nothing to look for. Of a shared journal it never is. */
  readonly isKnownEmpty: boolean;
  accept(entry: Entry): Promise<AcceptResult>;
  /** What comes next on a line; null if nothing waits. */
  next(line: SessionKey): Promise<Entry | BrokenEntry | null>;
  /** All that waits on a line, oldest first. */
  pending(line: SessionKey): Promise<readonly Entry[]>;
  /** Lines on which something waits, at most `limit`; the one that has waited longest comes first. */
  pendingSessions(limit: number): Promise<SessionKey[]>;
  /** Takes the first entry off a line if it is this one: true if it was. Twice is as good as once. */
  remove(line: SessionKey, entry_id: string): Promise<boolean>;
  /** The same for one that will never be taken: that and why is remembered, its content is not. */
  refuse(line: SessionKey, entry_id: string, reason: RefusalReason): Promise<boolean>;
  /**
   * Takes all that waits of an owner off; how many entries that were. Refusals stay: of what was refused they hold a
   * digest over random ids, which says nothing of anybody.
   */
  removeOwner(owner: string): Promise<number>;
  /** Why this operation was refused for good; null if it was not, or so many ago that it is forgotten. */
  refusal(operation: CreateOperation | AppendOperation): Promise<RefusalReason | null>;
  size(): Promise<JournalSize>;
};

/** The ids that an entry is known by. */
export const entryIds = (entry: Entry): string[] =>
  entry.kind === 'create' ? [entry.entry_id] : entry.operation.messages.map(({ message_id }) => message_id);

/** The ids that nothing else of this owner's may wait under. */
export const ownedIds = (entry: Entry): string[] =>
  entryIds(entry).map((id) => JSON.stringify([entry.operation.owner, id]));

export const sessionKey = ({ owner, session_id }: SessionKey): SessionKey => ({ owner, session_id });

/** A line's name. JSON, so that no owner can be made up to look like another line. */
export const keyName = ({ owner, session_id }: SessionKey): string => JSON.stringify([owner, session_id]);

/** How many refusals are remembered; the oldest are forgotten first. Who offers one again then asks the primary itself. */
export const MAX_REFUSALS = 10_000;

/** The name of what holds an entry: while that stays the same, nothing it held was lost. `isNew`: it did not before. */
export type AcceptResult = { held_by: string; isNew: boolean };

type Bounds = { entries: number; bytes: number };

/** Bounds of what waits; `perOwner` keeps one user from taking it all, and is left out where nobody could. */
export type JournalBounds = Bounds & { perOwner?: Bounds };

/** Bytes that an entry counts for. */
export const entryBytes = (entry: Entry): number => Buffer.byteLength(JSON.stringify(entry));

/** Equal for operations with the same ids and the same content on the same line, whatever else is asked for. */
export const operationDigest = (operation: CreateOperation | AppendOperation): string => {
  const content = 'messages' in operation ? operation.messages : null;
  const identity = JSON.stringify([keyName(operation), content], inOrder);
  return createHash('sha256').update(identity).digest('base64url');
};

/** For JSON.stringify: an object's keys in one order, whoever wrote it. */
const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** A journal, or the share of one owner, has no room for another entry: it never makes room by dropping one. */
export const journalFullError = ({ entries, bytes, perOwner }: JournalBounds): SessionError => {
  const share = perOwner ? `, of one owner at most ${perOwner.entries} and ${perOwner.bytes}` : '';
  return unavailableError(
    new Error(`journal was to hold at most ${entries} entries and ${bytes} bytes${share}`),
  );
};
