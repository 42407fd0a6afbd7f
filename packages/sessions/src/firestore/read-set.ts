import type { DocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import type { Message, Session } from 'kb-sessions-contract/records';
import { recordCost } from '../operation-cost.ts';
import type { LoadRequest, PlanContext, ReadView, UserState } from '../plan/types.ts';
import { userErasedError } from '../session-errors.ts';
import { decodeMessage, decodeSession } from './codec.ts';
import type { FirestoreContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import { messagesCollection, sessionsCollection, tombstoneDocument } from './documents.ts';
import { countOpenSessions } from './expiry/open-sessions.ts';

/** The documents that an operation has read, with the update times on which its writes are conditional. */
export class ReadSet implements ReadView {
  readonly #context: FirestoreContext;
  readonly #sessions = new Map<string, { session: Session | null; updateTime: Timestamp | undefined }>();
  readonly #messages = new Map<string, Message | null>();
  readonly #users = new Map<string, UserState>();
  /** The time of Firestore at the latest read, in milliseconds. */
  now = 0;

  constructor(context: FirestoreContext) {
    this.#context = context;
  }

  session(session_id: string): Session | null | undefined {
    return this.#sessions.get(session_id)?.session;
  }

  message(message_id: string): Message | null | undefined {
    return this.#messages.get(message_id);
  }

  user(user_id: string): UserState | undefined {
    return this.#users.get(user_id);
  }

  /** The sessions that were read and exist. */
  existingSessions(): Session[] {
    return [...this.#sessions.values()].flatMap(({ session }) => session ?? []);
  }

  updateTime(session_id: string): Timestamp | undefined {
    return this.#sessions.get(session_id)?.updateTime;
  }

  planContext(): PlanContext {
    const { limits, random } = this.#context;
    return { now: this.now, limits, expiryShard: random(limits.expiryShards) };
  }

  /**
   * Reads a session, a user, or both, in one round trip. Cost: one read for the session; one read for the tombstone of the
   * user and, if open sessions are limited, one per 1,000 of them.
   */
  async load({ session_id, user_id }: LoadRequest): Promise<void> {
    const documents = this.#loadSessionAndTombstone(session_id, user_id);
    if (user_id === undefined) await documents;
    else {
      const [isErased, openSessions] = await Promise.all([
        documents,
        countOpenSessions(this.#context, user_id),
      ]);
      this.#users.set(user_id, { isErased, openSessions });
    }
  }

  /**
   * Reads a session and the tombstone of its user, for a replay. Cost: 2 reads, one round trip.
   *
   * @throws SessionError `failed-precondition`, reason `erased`
   */
  async loadUnlessErased({ session_id, user_id }: { session_id: string; user_id: string }): Promise<void> {
    if (await this.#loadSessionAndTombstone(session_id, user_id)) throw userErasedError();
  }

  /** Reads messages. Cost: one read per message, one round trip. */
  async loadMessages(message_ids: string[]): Promise<void> {
    await this.#loadDocuments([], message_ids);
  }

  /** Reads the documents that a commit could not create. Returns whether any of them exists. Cost: one read per document, one round trip. */
  async loadConflicts(sessions: Session[], messages: Message[]): Promise<boolean> {
    const snapshots = await this.#loadDocuments(
      sessions.map(({ session_id }) => session_id),
      messages.map(({ message_id }) => message_id),
    );
    return snapshots.some((snapshot) => snapshot.exists);
  }

  /** Drops everything that may have changed, before the next read. A message that exists never changes in a way that matters to a plan. */
  reset(): void {
    this.#sessions.clear();
    this.#users.clear();
    for (const [message_id, message] of this.#messages)
      if (message === null) this.#messages.delete(message_id);
  }

  /** Returns whether the user has a tombstone. */
  async #loadSessionAndTombstone(
    session_id: string | undefined,
    user_id: string | undefined,
  ): Promise<boolean> {
    const { db } = this.#context;
    const tombstones = user_id === undefined ? [] : [tombstoneDocument(db, user_id)];
    const sessions = session_id === undefined ? [] : [sessionsCollection(db).doc(session_id)];
    const snapshots = await withDeadline(this.#context, db.getAll(...tombstones, ...sessions));
    recordCost(snapshots.length, 0);
    const [tombstone] = snapshots.splice(0, tombstones.length);
    if (tombstone) this.#observeTime(tombstone);
    for (const session of snapshots) this.#addSession(session);
    return tombstone?.exists ?? false;
  }

  async #loadDocuments(session_ids: string[], message_ids: string[]): Promise<DocumentSnapshot[]> {
    const { db } = this.#context;
    const documents = [
      ...session_ids.map((session_id) => sessionsCollection(db).doc(session_id)),
      ...message_ids.map((message_id) => messagesCollection(db).doc(message_id)),
    ];
    const snapshots = await withDeadline(this.#context, db.getAll(...documents));
    recordCost(snapshots.length, 0);
    for (const snapshot of snapshots.slice(0, session_ids.length)) this.#addSession(snapshot);
    for (const snapshot of snapshots.slice(session_ids.length)) {
      const data = snapshot.data();
      this.#messages.set(snapshot.id, data ? decodeMessage(data) : null);
    }
    return snapshots;
  }

  #addSession(snapshot: DocumentSnapshot): void {
    this.#observeTime(snapshot);
    const data = snapshot.data();
    this.#sessions.set(snapshot.id, {
      session: data ? decodeSession(data) : null,
      updateTime: snapshot.updateTime,
    });
  }

  #observeTime({ readTime }: DocumentSnapshot): void {
    this.now = Math.max(this.now, this.#context.now(readTime));
  }
}
