import { isUnavailable, type SessionError } from '../errors.ts';
import type { JournalBounds } from './journal.ts';

/** A journal has no room for another entry: it never makes room by dropping one. */
export const isFull = ({ entries, bytes }: JournalBounds): SessionError =>
  isUnavailable(new Error(`journal was to hold at most ${entries} entries and ${bytes} bytes`));
