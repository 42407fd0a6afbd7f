import type { Session } from 'kb-sessions-contract/records';
import { utf8ByteLength } from 'kb-sessions-contract/text';
import { LRUCache } from 'lru-cache';
import { toMillis } from '../clock.ts';
import { isOpen } from '../lifecycle.ts';

/** What a session takes beside the content of its recent messages, roughly. */
const RECORD_BYTES = 2048;

export type CacheBounds = { sessions: number; bytes: number };

/** Sessions as the primary showed them last, for when it is away; the least recently seen give way. */
export class ReadCache {
  readonly #seen: LRUCache<string, Session>;

  constructor({ sessions, bytes }: CacheBounds) {
    this.#seen = new LRUCache({ max: sessions, maxSize: bytes, sizeCalculation: bytesOf });
  }

  /** Operations end in another order than they read in, so an older state may come later: it is left out. */
  put(session: Session): void {
    const known = this.#seen.get(session.session_id);
    if (!known || !isBehind(session, known)) this.#seen.set(session.session_id, session);
  }

  /** Somebody else's is as one that was never seen. */
  get(owner: string, session_id: string): Session | null {
    const session = this.#seen.get(session_id);
    return session?.user_id === owner ? session : null;
  }

  /** Drops open sessions that have expired by `now`, in milliseconds, for all that is known here. How many. */
  dropExpired(now: number): number {
    const expired = [...this.#seen.values()].filter(
      (session) => isOpen(session) && toMillis(session.expires_at) <= now,
    );
    for (const { session_id } of expired) this.#seen.delete(session_id);
    return expired.length;
  }

  evict(owners: ReadonlySet<string>): void {
    for (const [key, { user_id }] of this.#seen.entries()) if (owners.has(user_id)) this.#seen.delete(key);
  }

  get size(): CacheBounds {
    return { sessions: this.#seen.size, bytes: this.#seen.calculatedSize };
  }
}

const bytesOf = ({ recent }: Session): number =>
  recent.reduce((sum, { content }) => sum + utf8ByteLength(content), RECORD_BYTES);

/** A session that is over stays so, its numbers only grow, and so does its last activity. */
const isBehind = (session: Session, known: Session): boolean => {
  if (isOpen(session) !== isOpen(known)) return isOpen(session);
  if (session.message_seq !== known.message_seq) return session.message_seq < known.message_seq;
  return session.last_activity < known.last_activity;
};
