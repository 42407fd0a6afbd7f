import { type SessionError, unavailableError } from 'kb-sessions-contract/errors';
import type { JournalBounds } from './journal.ts';

/** A journal, or the share of one owner, has no room for another entry: it never makes room by dropping one. */
export const journalFullError = ({ entries, bytes, perOwner }: JournalBounds): SessionError => {
  const share = perOwner ? `, of one owner at most ${perOwner.entries} and ${perOwner.bytes}` : '';
  return unavailableError(
    new Error(`journal was to hold at most ${entries} entries and ${bytes} bytes${share}`),
  );
};
