import type { DocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import { charge } from '../cost.ts';
import { wasErased } from '../errors.ts';
import type { Circumstances, View } from '../plan/plan.ts';
import type { Message, Session } from '../records.ts';
import { decodeMessage, decodeSession } from './codec.ts';
import { messagesOf, sessionsOf, tombstoneOf } from './documents.ts';
import { inTime } from './in-time.ts';
import type { FirestoreSetup } from './setup.ts';

/** What one operation has read of Firestore, with the update times that its writes are conditional on. */
export class Reading implements View {
  readonly #setup: FirestoreSetup;
  readonly #sessions = new Map<string, { session: Session | null; updateTime: Timestamp | undefined }>();
  readonly #messages = new Map<string, Message | null>();
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

  updateTime(session_id: string): Timestamp | undefined {
    return this.#sessions.get(session_id)?.updateTime;
  }

  circumstances(): Circumstances {
    const { limits, random } = this.#setup;
    return { now: this.now, limits, expiryShard: random(limits.expiryShards) };
  }

  /** One document, one round trip. */
  async load(session_id: string): Promise<void> {
    this.#keepSession(await inTime(this.#setup, sessionsOf(this.#setup.db).doc(session_id).get()));
    charge(1, 0);
  }

  /**
   * One document, one round trip: the time of a creation, and whether there may be one.
   * @throws SessionError `failed-precondition`, reason `erased`.
   */
  async loadTombstone(user_id: string): Promise<void> {
    const snapshot = await inTime(this.#setup, tombstoneOf(this.#setup.db, user_id).get());
    charge(1, 0);
    this.#tick(snapshot);
    if (snapshot.exists) throw wasErased();
  }

  /**
   * A session and its owner's tombstone, one round trip.
   * @throws SessionError `failed-precondition`, reason `erased`.
   */
  async loadUnlessErased(session_id: string, user_id: string): Promise<void> {
    const { db } = this.#setup;
    const documents = [sessionsOf(db).doc(session_id), tombstoneOf(db, user_id)];
    const [session, tombstone] = await inTime(this.#setup, db.getAll(...documents));
    charge(documents.length, 0);
    if (tombstone?.exists) throw wasErased();
    if (session) this.#keepSession(session);
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
    for (const [message_id, message] of this.#messages)
      if (message === null) this.#messages.delete(message_id);
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
