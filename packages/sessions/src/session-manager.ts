import { randomUUID } from 'node:crypto';
import { SessionError } from 'kb-sessions-contract/errors';
import type { Metadata } from 'kb-sessions-contract/metadata';
import type { Feedback, PartialUserInfo, Role, Status } from 'kb-sessions-contract/records';
import { type Caller, resolveOwner, resolveUserInfo } from './caller.ts';
import type {
  AppendResult,
  CreateResult,
  EndResult,
  FeedbackResult,
  GetResult,
  HistoryPage,
  NewMessage,
  SessionPage,
  SessionStore,
} from './session-store.ts';

type MessageInput = {
  role: Role;
  content: string;
  metadata?: Metadata | undefined;
  message_id?: string | undefined;
};

type AppendInput = {
  session_id: string;
  context_limit?: number | undefined;
  recover: boolean;
  replay?: boolean | undefined;
  user_id?: string | undefined;
};

/**
 * The calls of a chat on a {@link SessionStore}: settles who the caller is and what it may do, gives ids to what has
 * none, and leaves the rest to the store. Input is taken to be parsed (`contract.ts`). Fails with a SessionError.
 * The cost of each call in Firestore operations is in the table of the README.
 */
export class SessionManager {
  readonly #store: SessionStore;
  readonly #ownersMayAnswer: boolean;
  readonly #newId: () => string;

  constructor({
    store,
    ownersMayAnswer,
    newId = randomUUID,
  }: {
    store: SessionStore;
    /** Lets owners write what otherwise a trusted caller alone may: answers, their confidence, escalation by message. */
    ownersMayAnswer: boolean;
    newId?: () => string;
  }) {
    this.#store = store;
    this.#ownersMayAnswer = ownersMayAnswer;
    this.#newId = newId;
  }

  /** Opens a session of the caller's. Repeated with the same `session_id`, it is answered as the first time. */
  async createSession(
    caller: Caller,
    input: {
      user_info?: PartialUserInfo | undefined;
      session_id?: string | undefined;
      replay?: boolean | undefined;
    },
  ): Promise<CreateResult> {
    const owner = caller.user_id;
    const user = resolveUserInfo(caller, owner, input.user_info);
    const { session_id = this.#newId(), replay = false } = input;
    return this.#store.create({ owner, user, session_id, replay });
  }

  async getSession(
    caller: Caller,
    { session_id, recover, user_id }: { session_id: string; recover: boolean; user_id?: string | undefined },
  ): Promise<GetResult> {
    const owner = resolveOwner(caller, user_id);
    return this.#store.get({ owner, session_id, recover, user: resolveUserInfo(caller, owner) });
  }

  async addMessage(caller: Caller, input: AppendInput & MessageInput) {
    const { messages, ...appended } = await this.#append(caller, input, [input]);
    const { message_id, seq } = messages[0] ?? unanswered();
    return { message_id, seq, ...appended };
  }

  /** Up to 10 messages at once, in order, all or none, in one session. */
  async addMessages(
    caller: Caller,
    input: AppendInput & { messages: MessageInput[] },
  ): Promise<AppendResult> {
    return this.#append(caller, input, input.messages);
  }

  async getHistory(
    caller: Caller,
    input: {
      session_id: string;
      limit: number;
      before_seq?: number | undefined;
      full: boolean;
      user_id?: string | undefined;
    },
  ): Promise<HistoryPage> {
    const { session_id, limit, before_seq = null, full } = input;
    return this.#store.history({
      owner: resolveOwner(caller, input.user_id),
      session_id,
      limit,
      before_seq,
      full,
    });
  }

  async listSessions(
    caller: Caller,
    {
      limit,
      cursor = null,
      status = null,
    }: { limit: number; cursor?: string | null | undefined; status?: Status | null | undefined },
  ): Promise<SessionPage> {
    return this.#store.list({ owner: caller.user_id, limit, cursor, status });
  }

  async endSession(caller: Caller, { session_id }: { session_id: string }): Promise<EndResult> {
    return this.#store.end({ owner: caller.user_id, session_id });
  }

  async submitFeedback(
    caller: Caller,
    input: { session_id: string; message_id: string; rating: Feedback; comment?: string | undefined },
  ): Promise<FeedbackResult> {
    return this.#store.feedback({ ...input, owner: caller.user_id, comment: input.comment ?? null });
  }

  async escalateSession(
    caller: Caller,
    {
      session_id,
      reason = null,
      user_id,
    }: { session_id: string; reason?: string | null | undefined; user_id?: string | undefined },
  ): Promise<EndResult> {
    return this.#store.escalate({ owner: resolveOwner(caller, user_id), session_id, reason });
  }

  async #append(caller: Caller, input: AppendInput, messages: MessageInput[]): Promise<AppendResult> {
    const owner = resolveOwner(caller, input.user_id);
    if (!caller.trusted && !this.#ownersMayAnswer) messages.forEach(refuseAnswer);
    return this.#store.append({
      owner,
      session_id: input.session_id,
      // An answer without its owner would open a session of the agent's own, which nobody reads.
      recover: input.recover && (input.user_id !== undefined || !caller.trusted || !messages.some(isAnswer)),
      replay: input.replay ?? false,
      user: resolveUserInfo(caller, owner),
      context_limit: input.context_limit ?? null,
      messages: messages.map(
        (message): NewMessage => ({
          message_id: message.message_id ?? this.#newId(),
          role: message.role,
          content: message.content,
          metadata: plain(message.metadata ?? {}),
        }),
      ),
    });
  }
}

/** A copy as JSON has it, so that what is stored, read back and compared on a retry is the same (-0 is 0). */
const plain = (metadata: Metadata): Metadata => JSON.parse(JSON.stringify(metadata)) as Metadata;

const refuseAnswer = ({ role, metadata }: MessageInput): void => {
  const field =
    role === 'assistant'
      ? 'role'
      : metadata?.confidence !== undefined
        ? 'metadata.confidence'
        : metadata?.escalated !== undefined
          ? 'metadata.escalated'
          : null;
  if (field === null) return;
  throw new SessionError('permission-denied', `${field} needs a trusted caller`, { field });
};

const unanswered = (): never => {
  throw new Error('appended one message, found no answer for it');
};

const isAnswer = ({ role }: MessageInput): boolean => role === 'assistant';
