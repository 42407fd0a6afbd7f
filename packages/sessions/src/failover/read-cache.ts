import type { Session } from 'kb-sessions-contract/records';
import { utf8ByteLength } from 'kb-sessions-contract/text';
import { LRUCache } from 'lru-cache';
import { toMillis } from '../clock.ts';
import { isOpen } from '../lifecycle.ts';

/** The estimated size of a session without the content of its recent messages, in bytes. */
const RECORD_BYTES = 2048;

/** The bounds or the size of a cache: sessions, and their estimated bytes. */
export type CacheBounds = { sessions: number; bytes: number };

/**
 * The sessions as the primary returned them last, for answers during an outage. When the cache is full, the least recently
 * used sessions are dropped.
 *
 * @example
 * ```ts
 * import { ReadCache } from 'kb-sessions';
 * import { type FirestoreContext, FirestoreStore } from 'kb-sessions/firestore';
 *
 * export const createCachedStore = (context: FirestoreContext) => {
 *   const cache = new ReadCache({ sessions: 5000, bytes: 64 * 1024 * 1024 });
 *   const store = new FirestoreStore(context, (session) => cache.put(session));
 *   return { cache, store };
 * };
 * ```
 */
export class ReadCache {
  readonly #sessions: LRUCache<string, Session>;

  constructor({ sessions, bytes }: CacheBounds) {
    this.#sessions = new LRUCache({ max: sessions, maxSize: bytes, sizeCalculation: estimatedBytes });
  }

  /** Adds a session. Operations may end in another order than they read in, so an older state than the cached one is ignored. */
  put(session: Session): void {
    const cached = this.#sessions.get(session.session_id);
    if (!cached || !isOlder(session, cached)) this.#sessions.set(session.session_id, session);
  }

  /** The cached session; null if there is none, and also for a session of another owner. */
  get(owner: string, session_id: string): Session | null {
    const session = this.#sessions.get(session_id);
    return session?.user_id === owner ? session : null;
  }

  /** Removes the open sessions that, as far as the cache knows, have expired by `now`, in milliseconds. Returns how many. */
  dropExpired(now: number): number {
    const expired = [...this.#sessions.values()].filter(
      (session) => isOpen(session) && toMillis(session.expires_at) <= now,
    );
    for (const { session_id } of expired) this.#sessions.delete(session_id);
    return expired.length;
  }

  /** Removes the sessions of users. */
  evict(owners: ReadonlySet<string>): void {
    for (const [session_id, { user_id }] of this.#sessions.entries())
      if (owners.has(user_id)) this.#sessions.delete(session_id);
  }

  /** The number of cached sessions and their estimated bytes. */
  get size(): CacheBounds {
    return { sessions: this.#sessions.size, bytes: this.#sessions.calculatedSize };
  }
}

const estimatedBytes = ({ recent }: Session): number =>
  recent.reduce((sum, { content }) => sum + utf8ByteLength(content), RECORD_BYTES);

/** Whether a state is older than another one. A closed session stays closed; its numbers and its last activity only grow. */
const isOlder = (session: Session, other: Session): boolean => {
  if (isOpen(session) !== isOpen(other)) return isOpen(session);
  if (session.message_seq !== other.message_seq) return session.message_seq < other.message_seq;
  return session.last_activity < other.last_activity;
};
