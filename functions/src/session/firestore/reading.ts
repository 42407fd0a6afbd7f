import type { DocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import { charge } from '../cost.ts';
import { wasErased } from '../errors.ts';
import type { Circumstances, UserState, View, Wanted } from '../plan/plan.ts';
import type { Message, Session } from '../records.ts';
import { decodeMessage, decodeSession } from './codec.ts';
import { messagesOf, sessionsOf, tombstoneOf } from './documents.ts';
import { inTime } from './in-time.ts';
import { countOpenSessions } from './open-sessions.ts';
import type { FirestoreSetup } from './setup.ts';

/** What one operation has read of Firestore, with the update times that its writes are conditional on. */
export class Reading implements View {
  readonly #setup: FirestoreSetup;
  readonly #sessions = new Map<string, { session: Session | null; updateTime: Timestamp | undefined }>();
  readonly #messages = new Map<string, Message | null>();
  readonly #users = new Map<string, UserState>();
  /** The primary's time at the latest read, in milliseconds. */
  now = 0;

  constructor(setup: FirestoreSetup) {
    this.#setup = setup;
  }

  session(session_id: string): Session | null | undefined {
    return this.#sessions.get(session_id)?.session;
  }

  known(): Session[] {
    return [...this.#sessions.values()].flatMap(({ session }) => session ?? []);
  }

  message(message_id: string): Message | null | undefined {
    return this.#messages.get(message_id);
  }

  user(user_id: string): UserState | undefined {
    return this.#users.get(user_id);
  }

  updateTime(session_id: string): Timestamp | undefined {
    return this.#sessions.get(session_id)?.updateTime;
  }

  circumstances(): Circumstances {
    const { limits, random } = this.#setup;
    return { now: this.now, limits, expiryShard: random(limits.expiryShards) };
  }

  /** One document for each that is named, and an aggregation of the user's open sessions where they are limited; one round trip. */
  async load({ session_id, user_id }: Wanted): Promise<void> {
    const documents = this.#loadDocuments(session_id, user_id);
    if (user_id === undefined) await documents;
    else {
      const [isErased, openSessions] = await Promise.all([
        documents,
        countOpenSessions(this.#setup, user_id),
      ]);
      this.#users.set(user_id, { isErased, openSessions });
    }
  }

  /**
   * A session that something accepted is for, and its user's tombstone: two documents, one round trip.
   * @throws SessionError `failed-precondition`, reason `erased`.
   */
  async loadUnlessErased({ session_id, user_id }: { session_id: string; user_id: string }): Promise<void> {
    if (await this.#loadDocuments(session_id, user_id)) throw wasErased();
  }

  /** A document per message, one round trip. */
  async look(message_ids: string[]): Promise<void> {
    await this.#lookUp([], message_ids);
  }

  /** Reads what could not be created because it exists; false if none of it does. One round trip. */
  async loadExisting(sessions: Session[], messages: Message[]): Promise<boolean> {
    const snapshots = await this.#lookUp(
      sessions.map(({ session_id }) => session_id),
      messages.map(({ message_id }) => message_id),
    );
    return snapshots.some((snapshot) => snapshot.exists);
  }

  /** Before reading again: sessions change, and a message that was not there may be by now. One that exists stays. */
  forget(): void {
    this.#sessions.clear();
    this.#users.clear();
    for (const [message_id, message] of this.#messages)
      if (message === null) this.#messages.delete(message_id);
  }

  /** Whether the user has a tombstone. */
  async #loadDocuments(session_id: string | undefined, user_id: string | undefined): Promise<boolean> {
    const { db } = this.#setup;
    const tombstones = user_id === undefined ? [] : [tombstoneOf(db, user_id)];
    const sessions = session_id === undefined ? [] : [sessionsOf(db).doc(session_id)];
    const snapshots = await inTime(this.#setup, db.getAll(...tombstones, ...sessions));
    charge(snapshots.length, 0);
    const [tombstone] = snapshots.splice(0, tombstones.length);
    if (tombstone) this.#tick(tombstone);
    for (const session of snapshots) this.#keepSession(session);
    return tombstone?.exists ?? false;
  }

  async #lookUp(session_ids: string[], message_ids: string[]): Promise<DocumentSnapshot[]> {
    const { db } = this.#setup;
    const documents = [
      ...session_ids.map((session_id) => sessionsOf(db).doc(session_id)),
      ...message_ids.map((message_id) => messagesOf(db).doc(message_id)),
    ];
    const snapshots = await inTime(this.#setup, db.getAll(...documents));
    charge(snapshots.length, 0);
    for (const snapshot of snapshots.slice(0, session_ids.length)) this.#keepSession(snapshot);
    for (const snapshot of snapshots.slice(session_ids.length)) {
      const data = snapshot.data();
      this.#messages.set(snapshot.id, data ? decodeMessage(data) : null);
    }
    return snapshots;
  }

  #keepSession(snapshot: DocumentSnapshot): void {
    this.#tick(snapshot);
    const data = snapshot.data();
    this.#sessions.set(snapshot.id, {
      session: data ? decodeSession(data) : null,
      updateTime: snapshot.updateTime,
    });
  }

  #tick({ readTime }: DocumentSnapshot): void {
    this.now = Math.max(this.now, this.#setup.now(readTime));
  }
}
