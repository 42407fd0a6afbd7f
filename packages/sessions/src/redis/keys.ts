import { keyName, type SessionKey } from '../journal/journal.ts';

/**
 * The keys of the journal. The hash tag in front puts them all into one slot, so that one script may touch them; what
 * comes after it changes nothing of that, whatever an owner or an id looks like.
 *
 * None of them expires: an entry was acknowledged, and only the primary's taking or refusing it ends that. What has to
 * be bounded is bounded when it is written.
 */
const PREFIX = '{kb-sessions}:journal:';

export const KEYS = {
  /** Hash: `name`, the totals `entries`, `bytes` and `sessions`, and `turn`, which numbers lines. */
  state: `${PREFIX}state`,
  /** Sorted set: names of lines, by when they began to wait. */
  lines: `${PREFIX}lines`,
  /** Hash: of each id that waits, with its owner, the digest of its entry. */
  ids: `${PREFIX}ids`,
  /** Hash: of each entry_id on its line, the entry: another owner's may have the same. */
  entries: `${PREFIX}entries`,
  /** Hash: of the same, what is to be undone when it leaves. Apart from the entry, so that a broken one can leave. */
  receipts: `${PREFIX}receipts`,
  /** Hash: of the digest of each refused operation, the reason. */
  refused: `${PREFIX}refused`,
  /** Sorted set: the same, by when they were refused. */
  refusedOrder: `${PREFIX}refused-order`,
  /** Hash: `entries` and `bytes` of each owner who has something waiting. */
  owners: `${PREFIX}owners`,
};

/** What with the name of a line after it is a list: the entry_ids of the line, oldest first. */
export const ENTRY_LIST_PREFIX = `${PREFIX}line:`;

/** All that the scripts may touch of an owner, in the order in which they unpack it. */
export const ownerKeys = (owner: string): string[] => [
  ...Object.values(KEYS),
  // Set: names of the owner's lines.
  `${PREFIX}owner:${owner}`,
];

/** The same with a line. */
export const sessionKeys = (line: SessionKey): string[] => [
  ...ownerKeys(line.owner),
  ENTRY_LIST_PREFIX + keyName(line),
];
