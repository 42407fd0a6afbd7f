import { randomUUID } from 'node:crypto';
import type { CallName, CallOutput, ParsedInput } from 'kb-sessions-contract';
import { SessionError } from 'kb-sessions-contract/errors';
import type { Metadata } from 'kb-sessions-contract/metadata';
import { type Caller, resolveOwner, resolveUserInfo } from './caller.ts';
import type { AppendResult, NewMessage, SessionStore } from './session-store.ts';

/** The input of a call as the contract's schema returns it. Code in the same process may omit `replay`. */
type Input<Name extends CallName> = Omit<ParsedInput<Name>, 'replay'> & { replay?: boolean | undefined };

type AppendInput = Omit<Input<'addMessages'>, 'messages'>;
type MessageInput = ParsedInput<'addMessages'>['messages'][number];

/** The options of a {@link SessionManager}. */
export type SessionManagerOptions = {
  store: SessionStore;
  /**
   * Whether owners may write answers, the confidence of a message and `metadata.escalated`. Otherwise only trusted
   * callers may.
   */
  ownersMayAnswer: boolean;
  /** Makes the ids of sessions and messages that the caller does not choose; random UUIDs by default. */
  newId?: () => string;
};

/**
 * The calls of a chat on a {@link SessionStore}. The manager decides for which owner the caller acts, checks what the
 * caller may do, creates missing ids, and passes the operation to the store. It takes inputs that the contract's schemas
 * have parsed, and does not check their bounds again.
 *
 * The costs below are documents read / documents written / sequential round trips on a `FirestoreStore`, for an open
 * session and a writer without competition. Beside the errors that each method names, every method fails with `unavailable`
 * if the store is unavailable.
 *
 * @example
 * ```ts
 * import { type Caller, SessionManager } from 'kb-sessions';
 * import { MemoryStore } from 'kb-sessions/memory';
 *
 * const hour = 60 * 60 * 1000;
 * const store = new MemoryStore({
 *   limits: {
 *     idleTimeoutMs: 2 * hour,
 *     lifetimeMs: 24 * hour,
 *     touchIntervalMs: 60_000,
 *     retentionMs: 30 * 24 * hour,
 *     messagesPerSession: 50,
 *     recentMessages: 20,
 *     expiryShards: 1,
 *     analyticsShards: 1,
 *     openSessionsPerUser: 100,
 *   },
 * });
 * const manager = new SessionManager({ store, ownersMayAnswer: false });
 * const thandi: Caller = { user_id: 'thandi', trusted: false, email: null, name: null };
 * const agent: Caller = { user_id: 'agent', trusted: true, email: null, name: null };
 *
 * const { session_id } = await manager.createSession(thandi, {});
 * const question = { role: 'user', content: 'What is a session?' } as const;
 * await manager.addMessage(thandi, { session_id, recover: true, ...question });
 * const answer = { role: 'assistant', content: 'One conversation of one user.' } as const;
 * const { context } = await manager.addMessage(agent, {
 *   session_id,
 *   user_id: 'thandi',
 *   recover: true,
 *   context_limit: 20,
 *   ...answer,
 * });
 * console.log(context);
 * ```
 */
export class SessionManager {
  readonly #store: SessionStore;
  readonly #ownersMayAnswer: boolean;
  readonly #newId: () => string;

  constructor({ store, ownersMayAnswer, newId = randomUUID }: SessionManagerOptions) {
    this.#store = store;
    this.#ownersMayAnswer = ownersMayAnswer;
    this.#newId = newId;
  }

  /**
   * Opens a session for the caller. A call that repeats a `session_id` gets the first answer. Cost: 2 / 1 / 2.
   *
   * @throws SessionError `not-found` if another owner has the id; `failed-precondition`, reason `erased` or `refused`;
   * `resource-exhausted`, reason `open_sessions`; `aborted`
   * @example
   * ```ts
   * import type { Caller, SessionManager } from 'kb-sessions';
   *
   * export const open = async (manager: SessionManager, caller: Caller): Promise<string> => {
   *   const { session_id } = await manager.createSession(caller, { user_info: { company: 'Example' } });
   *   return session_id;
   * };
   * ```
   */
  async createSession(caller: Caller, input: Input<'createSession'>): Promise<CallOutput<'createSession'>> {
    const owner = caller.user_id;
    const user = resolveUserInfo(caller, owner, input.user_info);
    const { session_id = this.#newId(), replay = false } = input;
    return this.#store.create({ owner, user, session_id, replay });
  }

  /**
   * Reads an open session and touches it. With `recover` a successor takes the place of an expired or unknown session.
   * Cost: 1 / 0 / 1, and 1 / 1 / 2 when it writes the touch.
   *
   * @throws SessionError `permission-denied` for a `user_id` from a caller who is not trusted; `not-found`;
   * `failed-precondition`, reason `ended`, `expired`, `continued` or `erased`; `resource-exhausted`, reason `open_sessions`;
   * `aborted`
   * @example
   * ```ts
   * import type { Caller, SessionManager } from 'kb-sessions';
   *
   * export const statusOf = async (manager: SessionManager, caller: Caller, session_id: string) => {
   *   const { session, recovered } = await manager.getSession(caller, { session_id, recover: true });
   *   return recovered ? 'continued in a new session' : session.status;
   * };
   * ```
   */
  async getSession(caller: Caller, input: Input<'getSession'>): Promise<CallOutput<'getSession'>> {
    const { session_id, recover } = input;
    const owner = resolveOwner(caller, input.user_id);
    return this.#store.get({ owner, session_id, recover, user: resolveUserInfo(caller, owner) });
  }

  /**
   * Adds a message to a session. A full session rolls over. A call that repeats a `message_id` with the same content gets
   * the first answer. Cost: 1 / 2 / 2.
   *
   * @throws SessionError `permission-denied` for a `user_id` or an answer from a caller who may not send it; `not-found`;
   * `already-exists` for a `message_id` with other content; `failed-precondition`, reason `ended`, `expired`, `continued`,
   * `erased` or `refused`; `resource-exhausted`, reason `open_sessions`; `aborted`
   * @example
   * ```ts
   * import type { Caller, SessionManager } from 'kb-sessions';
   *
   * export const ask = async (manager: SessionManager, caller: Caller, session_id: string, content: string) => {
   *   const { message_id, durability } = await manager.addMessage(caller, {
   *     session_id,
   *     role: 'user',
   *     content,
   *     recover: true,
   *   });
   *   return { message_id, isStored: durability === 'durable' };
   * };
   * ```
   */
  async addMessage(caller: Caller, input: Input<'addMessage'>): Promise<CallOutput<'addMessage'>> {
    const { messages, ...result } = await this.#append(caller, input, [input]);
    const [message] = messages;
    if (!message) throw new Error('expected a result for the message that was appended, found none');
    return { ...message, ...result };
  }

  /**
   * Adds 1 to 10 messages to one session, in order, all or none. Cost: 1 / messages + 1 / 2.
   *
   * @throws SessionError as {@link SessionManager.addMessage}
   * @example
   * ```ts
   * import type { Caller, SessionManager } from 'kb-sessions';
   *
   * export const storeTurn = (manager: SessionManager, agent: Caller, owner: string, session_id: string) =>
   *   manager.addMessages(agent, {
   *     session_id,
   *     user_id: owner,
   *     recover: true,
   *     messages: [
   *       { role: 'user', content: 'What is a session?' },
   *       { role: 'assistant', content: 'One conversation of one user.', metadata: { confidence: 0.9 } },
   *     ],
   *   });
   * ```
   */
  async addMessages(caller: Caller, input: Input<'addMessages'>): Promise<CallOutput<'addMessages'>> {
    return this.#append(caller, input, input.messages);
  }

  /**
   * Reads a page of the messages of exactly the session that the call names, open or closed, oldest first. Cost: 1 / 0 / 1
   * for the newest messages; an older page or `full` adds one read per message and one round trip.
   *
   * @throws SessionError `permission-denied` for a `user_id` from a caller who is not trusted; `not-found`
   * @example
   * ```ts
   * import type { Caller, SessionManager } from 'kb-sessions';
   *
   * export const newestMessages = async (manager: SessionManager, caller: Caller, session_id: string) => {
   *   const page = await manager.getHistory(caller, { session_id, limit: 20, full: false });
   *   return page.messages.map(({ role, content }) => `${role}: ${content}`);
   * };
   * ```
   */
  async getHistory(caller: Caller, input: Input<'getHistory'>): Promise<CallOutput<'getHistory'>> {
    const { session_id, limit, before_seq = null, full } = input;
    const owner = resolveOwner(caller, input.user_id);
    return this.#store.history({ owner, session_id, limit, before_seq, full });
  }

  /**
   * Lists the sessions of the caller, newest first. Cost: one read per session, at least one; one round trip.
   *
   * @throws SessionError `invalid-argument`, field `cursor`, for a cursor that no list returned
   * @example
   * ```ts
   * import type { Caller, SessionManager } from 'kb-sessions';
   *
   * export const openSessions = async (manager: SessionManager, caller: Caller): Promise<string[]> => {
   *   const { sessions } = await manager.listSessions(caller, { limit: 20, status: 'active' });
   *   return sessions.map(({ session_id }) => session_id);
   * };
   * ```
   */
  async listSessions(caller: Caller, input: Input<'listSessions'>): Promise<CallOutput<'listSessions'>> {
    const { limit, cursor = null, status = null } = input;
    return this.#store.list({ owner: caller.user_id, limit, cursor, status });
  }

  /**
   * Ends a session of the caller, or the successor to which it rolled over. A closed session keeps its status.
   * Cost: 1 / 1 / 2.
   *
   * @throws SessionError `not-found`; `failed-precondition`, reason `continued`; `aborted`
   * @example
   * ```ts
   * import type { Caller, SessionManager } from 'kb-sessions';
   *
   * export const end = async (manager: SessionManager, caller: Caller, session_id: string) => {
   *   const { status } = await manager.endSession(caller, { session_id });
   *   return status;
   * };
   * ```
   */
  async endSession(caller: Caller, { session_id }: Input<'endSession'>): Promise<CallOutput<'endSession'>> {
    return this.#store.end({ owner: caller.user_id, session_id });
  }

  /**
   * Rates a message of exactly the session that the call names, open or closed. Cost: 1 / 3 / 2.
   *
   * @throws SessionError `not-found`; `aborted`
   * @example
   * ```ts
   * import type { Caller, SessionManager } from 'kb-sessions';
   *
   * export const praise = (manager: SessionManager, caller: Caller, session_id: string, message_id: string) =>
   *   manager.submitFeedback(caller, { session_id, message_id, rating: 'positive', comment: 'Clear.' });
   * ```
   */
  async submitFeedback(
    caller: Caller,
    input: Input<'submitFeedback'>,
  ): Promise<CallOutput<'submitFeedback'>> {
    const { session_id, message_id, rating, comment = null } = input;
    return this.#store.feedback({ owner: caller.user_id, session_id, message_id, rating, comment });
  }

  /**
   * Marks an open session as waiting for a person. Cost: 1 / 2 / 2.
   *
   * @throws SessionError `permission-denied` for a `user_id` from a caller who is not trusted; `not-found`;
   * `failed-precondition`, reason `ended`, `expired` or `continued`; `aborted`
   * @example
   * ```ts
   * import type { Caller, SessionManager } from 'kb-sessions';
   *
   * export const callPerson = (manager: SessionManager, agent: Caller, owner: string, session_id: string) =>
   *   manager.escalateSession(agent, { session_id, user_id: owner, reason: 'The user asked for a person.' });
   * ```
   */
  async escalateSession(
    caller: Caller,
    input: Input<'escalateSession'>,
  ): Promise<CallOutput<'escalateSession'>> {
    const { session_id, reason = null } = input;
    return this.#store.escalate({ owner: resolveOwner(caller, input.user_id), session_id, reason });
  }

  async #append(caller: Caller, input: AppendInput, messages: MessageInput[]): Promise<AppendResult> {
    const owner = resolveOwner(caller, input.user_id);
    if (!caller.trusted && !this.#ownersMayAnswer) messages.forEach(refuseAnswer);
    // Without a named owner, the recovery for an answer would open a session of the agent, which no user reads.
    const canRecover = input.user_id !== undefined || !caller.trusted || !messages.some(isAnswer);
    return this.#store.append({
      owner,
      session_id: input.session_id,
      recover: input.recover && canRecover,
      replay: input.replay ?? false,
      user: resolveUserInfo(caller, owner),
      context_limit: input.context_limit ?? null,
      messages: messages.map(
        ({ message_id = this.#newId(), role, content, metadata = {} }): NewMessage => ({
          message_id,
          role,
          content,
          metadata: toPlainJson(metadata),
        }),
      ),
    });
  }
}

/** A copy in the form of JSON, so that the values that are stored, read back and compared on a retry are equal (-0 is 0). */
const toPlainJson = (metadata: Metadata): Metadata => JSON.parse(JSON.stringify(metadata)) as Metadata;

/** @throws SessionError `permission-denied` for the first field that only a trusted caller may send */
const refuseAnswer = ({ role, metadata }: MessageInput): void => {
  let field: string | null = null;
  if (role === 'assistant') field = 'role';
  else if (metadata?.confidence !== undefined) field = 'metadata.confidence';
  else if (metadata?.escalated !== undefined) field = 'metadata.escalated';
  if (field !== null)
    throw new SessionError('permission-denied', `${field} needs a trusted caller`, { field });
};

const isAnswer = ({ role }: MessageInput): boolean => role === 'assistant';
