import type { Clock, Limits, Session, SessionStore } from 'kb-sessions';
import { newSession } from 'kb-sessions/internal/lifecycle';
import { sessionNotFoundError, unavailableError, userErasedError } from 'kb-sessions/internal/session-errors';
import type {
  AppendOperation,
  AppendResult,
  CreateOperation,
  CreateResult,
} from 'kb-sessions/internal/session-store';

const DURABLE = { durability: 'durable', held_by: null } as const;

export type ForgetfulOptions = { limits: Limits; clock: Clock; onSessionRead(session: Session): void };

/** A primary that takes everything and keeps nothing, so that whatever memory is used is used by others. */
export class ForgetfulStore implements SessionStore {
  readonly durability = 'durable';
  mood: 'well' | 'away' | 'refusing' = 'well';
  readonly #options: ForgetfulOptions;

  constructor(options: ForgetfulOptions) {
    this.#options = options;
  }

  async create(operation: CreateOperation): Promise<CreateResult> {
    const { session_id, expires_at } = this.#take(operation, []);
    return { session_id, expires_at, ...DURABLE };
  }

  async append(operation: AppendOperation): Promise<AppendResult> {
    const { session_id, recent } = this.#take(operation, operation.messages);
    return {
      session_id,
      messages: recent.map(({ message_id, seq }) => ({ message_id, seq })),
      recovered: false,
      rolled_over: false,
      context: null,
      context_complete: null,
      ...DURABLE,
    };
  }

  get = () => this.#nothing();
  history = () => this.#nothing();
  list = () => this.#nothing();
  end = () => this.#nothing();
  feedback = () => this.#nothing();
  escalate = () => this.#nothing();

  #take(operation: CreateOperation, messages: AppendOperation['messages']): Session {
    this.#answer();
    if (this.mood === 'refusing') throw userErasedError();
    const { limits, clock, onSessionRead } = this.#options;
    const opened = newSession({ ...operation, now: clock(), limits, expiryShard: 0 });
    const recent = messages.map(({ message_id, role, content }, index) => ({
      message_id,
      seq: index + 1,
      role,
      content,
      created_at: opened.created_at,
    }));
    const session = { ...opened, message_seq: messages.length, recent };
    onSessionRead(session);
    return session;
  }

  #answer(): void {
    if (this.mood === 'away') throw unavailableError(new Error('as the test wants it'));
  }

  async #nothing(): Promise<never> {
    this.#answer();
    throw sessionNotFoundError();
  }
}
