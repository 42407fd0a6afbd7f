import { keyName, type SessionKey } from '../journal/journal.ts';

/**
 * The keys of the journal in Redis. The hash tag in front puts them all into one slot, so that one script may use them; the
 * text after it, such as an owner or an id, cannot change that.
 *
 * No key expires: an entry was acknowledged, and only the primary ends it, by storing or refusing it. Every bound is checked
 * when an entry is accepted.
 */
const PREFIX = '{kb-sessions}:journal:';

/** The keys that all session keys share. */
export const KEYS = {
  /** Hash: `name`, the totals `entries`, `bytes` and `sessions`, and `turn`, a number that orders sessions and refusals. */
  state: `${PREFIX}state`,
  /** Sorted set: names of session keys with entries, by the time since which they are pending. */
  sessions: `${PREFIX}lines`,
  /** Hash: for each pending id with its owner, the digest of its entry. */
  ids: `${PREFIX}ids`,
  /** Hash: for each session key and entry_id, the entry. Entries of two owners may have the same id. */
  entries: `${PREFIX}entries`,
  /** Hash: for each session key and entry_id, what to undo when the entry is removed. Separate, so that a broken entry can be removed. */
  receipts: `${PREFIX}receipts`,
  /** Hash: for the digest of each refused operation, the reason. */
  refused: `${PREFIX}refused`,
  /** Sorted set: the same digests, by the time of the refusal. */
  refusedOrder: `${PREFIX}refused-order`,
  /** Hash: `entries` and `bytes` of each owner with entries. */
  owners: `${PREFIX}owners`,
};

/** Followed by the name of a session key: a list of its entry_ids, oldest first. */
export const ENTRY_LIST_PREFIX = `${PREFIX}line:`;

/** All keys that a script may use for an owner, in the order in which the scripts unpack them. */
export const ownerKeys = (owner: string): string[] => [
  ...Object.values(KEYS),
  // Set: names of the session keys of the owner.
  `${PREFIX}owner:${owner}`,
];

/** All keys that a script may use for a session key. */
export const sessionKeys = (key: SessionKey): string[] => [
  ...ownerKeys(key.owner),
  ENTRY_LIST_PREFIX + keyName(key),
];
