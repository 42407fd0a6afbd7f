import { randomUUID } from 'node:crypto';
import type { Feedback, Status, UserInfo } from 'kb-sessions-contract/records';
import type { SessionStore } from '../index.ts';
import type { NewMessage } from '../session-store.ts';

/** The information about the users of the tests. */
export const SOMEBODY: UserInfo = {
  user_email: 'ann@example.com',
  user_name: 'Ann',
  company: 'Erf & Co',
  division: 'north',
  user_type: 'agent',
};

/** A new message: a question, unless `given` changes it. */
export const newMessage = (given: Partial<NewMessage> = {}): NewMessage => ({
  message_id: randomUUID(),
  role: 'user',
  content: 'What is an erf?',
  metadata: {},
  ...given,
});

/** New questions, each with its own content. */
export const newMessages = (count: number): NewMessage[] =>
  Array.from({ length: count }, (_, index) => newMessage({ content: `question ${index + 1}` }));

/** A user of a store. Its methods are the operations of the store, with defaults for the fields that a test does not need. */
export class Actor {
  readonly owner: string;
  readonly #store: SessionStore;

  constructor(store: SessionStore, owner: string) {
    this.#store = store;
    this.owner = owner;
  }

  create(session_id: string = randomUUID()) {
    return this.#store.create({ owner: this.owner, user: SOMEBODY, session_id, replay: false });
  }

  /** Opens a session and appends `count` messages. Returns its id. */
  async converse(count: number): Promise<string> {
    const { session_id } = await this.create();
    await this.tell(session_id, count);
    return session_id;
  }

  /** Appends `count` new messages, one operation each. Returns the messages. */
  async tell(session_id: string, count: number): Promise<NewMessage[]> {
    const messages = newMessages(count);
    for (const message of messages) await this.append(session_id, [message]);
    return messages;
  }

  get(session_id: string, { recover = false } = {}) {
    return this.#store.get({ owner: this.owner, user: SOMEBODY, session_id, recover });
  }

  append(
    session_id: string,
    messages: NewMessage[],
    {
      recover = false,
      replay = false,
      context_limit = null,
    }: { recover?: boolean; replay?: boolean; context_limit?: number | null } = {},
  ) {
    const { owner } = this;
    return this.#store.append({
      owner,
      user: SOMEBODY,
      session_id,
      recover,
      replay,
      messages,
      context_limit,
    });
  }

  history(
    session_id: string,
    {
      limit = 50,
      before_seq = null,
      full = false,
    }: { limit?: number; before_seq?: number | null; full?: boolean } = {},
  ) {
    return this.#store.history({ owner: this.owner, session_id, limit, before_seq, full });
  }

  list({
    limit = 50,
    cursor = null,
    status = null,
  }: {
    limit?: number;
    cursor?: string | null;
    status?: Status | null;
  } = {}) {
    return this.#store.list({ owner: this.owner, limit, cursor, status });
  }

  end(session_id: string) {
    return this.#store.end({ owner: this.owner, session_id });
  }

  escalate(session_id: string, reason: string | null = null) {
    return this.#store.escalate({ owner: this.owner, session_id, reason });
  }

  feedback(session_id: string, message_id: string, rating: Feedback, comment: string | null = null) {
    return this.#store.feedback({ owner: this.owner, session_id, message_id, rating, comment });
  }
}
