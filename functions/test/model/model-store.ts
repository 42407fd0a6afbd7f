import { isDeepStrictEqual } from 'node:util';
import type { Limits } from '../../src/session/index.ts';
import type {
  AppendOperation,
  CreateOperation,
  EndOperation,
  EscalateOperation,
  FeedbackOperation,
  GetOperation,
  HistoryOperation,
} from '../../src/session/store.ts';
import { successorId } from '../../src/session/successor-id.ts';
import type { SessionView } from '../../src/session/views.ts';
import {
  briefOf,
  expiryOf,
  type ModelMessage,
  type ModelSession,
  recentOf,
  stateOf,
  viewOf,
} from './model-session.ts';
import { continued, ended, expired, notFound, taken } from './refusal.ts';

type Reached = {
  session: ModelSession;
  recovered: boolean;
  rolled_over: boolean;
};
type Wanted = { owner: string; session_id: string; recover: boolean };

/**
 * What a SessionStore does, said once more in the plainest way and without its code: lists, one caller, and a copy
 * of everything taken before each operation, so that one that is refused has changed nothing.
 */
export class ModelStore {
  #sessions: ModelSession[] = [];
  readonly #limits: Limits;
  readonly #now: () => number;

  constructor(limits: Limits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  create(operation: CreateOperation) {
    return this.#allOrNothing(() => {
      const found = this.#find(operation.session_id);
      if (found && found.owner !== operation.owner) throw notFound();
      if (found && this.#stateOf(found) !== 'open') throw this.#over(found);
      const session = found ?? this.#open(operation.session_id, operation.owner);
      return {
        session_id: session.id,
        expires_at: this.#viewOf(session).expires_at,
      };
    });
  }

  get(operation: GetOperation) {
    return this.#allOrNothing(() => {
      const { session, ...how } = this.#reach(operation);
      if (this.#now() - session.active >= this.#limits.touchEveryMs) session.active = this.#now();
      return { session: this.#viewOf(session), ...how };
    });
  }

  append(operation: AppendOperation) {
    return this.#allOrNothing(() => {
      const repeated = this.#repeated(operation);
      if (repeated) return { ...repeated, repeated: true };
      const { session, ...how } = this.#makeRoom(operation, this.#reach(operation));
      if (operation.messages.some(({ message_id }) => this.#findMessage(message_id))) throw taken();
      const at = this.#now();
      for (const message of operation.messages) {
        const seq = session.messages.length + 1;
        session.messages.push({
          ...message,
          seq,
          at,
          feedback: null,
          comment: null,
        });
      }
      session.active = at;
      if (operation.messages.some(({ metadata }) => metadata.escalated)) this.#escalate(session);
      const messages = session.messages.slice(-operation.messages.length);
      return {
        session_id: session.id,
        messages: messages.map(({ message_id, seq }) => ({ message_id, seq })),
        ...how,
        ...this.#contextOf(session, operation.context_limit, session.messages.length),
        repeated: false,
      };
    });
  }

  history({ owner, session_id, before_seq, limit, full }: HistoryOperation) {
    const session = this.#owned(owner, session_id);
    const messages = session.messages
      .filter(({ seq }) => before_seq === null || seq < before_seq)
      .slice(-limit)
      .map((message) => {
        if (!full) return briefOf(message);
        const { metadata, feedback, comment } = message;
        return {
          ...briefOf(message),
          metadata,
          feedback,
          feedback_comment: comment,
          replayed: false,
        };
      });
    const first = messages[0]?.seq ?? 1;
    return {
      session_id,
      messages,
      next_before_seq: first > 1 ? first : null,
      complete: true,
    };
  }

  /** All pages of a list. */
  list(owner: string): SessionView[] {
    const key = ({ created_at, session_id }: SessionView) => `${created_at} ${session_id}`;
    return this.#sessions
      .filter((session) => session.owner === owner)
      .map((session) => this.#viewOf(session))
      .toSorted((a, b) => (key(a) < key(b) ? 1 : -1));
  }

  end({ owner, session_id }: EndOperation) {
    const named = this.#owned(owner, session_id);
    const session = this.#stateOf(named) === 'rolled over' ? this.#owned(owner, named.next ?? '') : named;
    if (this.#stateOf(session) === 'open') {
      session.ended = { status: 'ended', reason: 'user', at: this.#now() };
    }
    return { session_id: session.id, status: this.#viewOf(session).status };
  }

  escalate({ owner, session_id, reason }: EscalateOperation) {
    return this.#allOrNothing(() => {
      const { session } = this.#reach({ owner, session_id, recover: false });
      if (!session.escalated) session.reason = reason;
      this.#escalate(session);
      return { session_id: session.id, status: 'escalated' };
    });
  }

  feedback({ owner, session_id, message_id, rating, comment }: FeedbackOperation) {
    const session = this.#find(session_id);
    const message = session?.messages.find((one) => one.message_id === message_id);
    if (session?.owner !== owner || !message) throw notFound();
    message.feedback = rating;
    message.comment = comment;
    return { session_id, message_id, rating };
  }

  /** When a session expires; null where there is none. */
  expiryOf(session_id: string): number | null {
    const session = this.#find(session_id);
    return session ? expiryOf(session, this.#limits) : null;
  }

  #reach(wanted: Wanted): Reached {
    const { owner, session_id, recover } = wanted;
    const session = this.#find(session_id);
    if (!session || session.owner !== owner) {
      if (!recover) throw notFound();
      const successor = this.#find(successorId(owner, session_id));
      if (successor)
        return this.#arrive(wanted, successor, {
          recovered: true,
          rolled_over: false,
        });
      const opened = this.#open(successorId(owner, session_id), owner);
      opened.previous = session_id;
      return { session: opened, recovered: true, rolled_over: false };
    }
    const state = this.#stateOf(session);
    if (state === 'open') return { session, recovered: false, rolled_over: false };
    if (state === 'rolled over') {
      const successor = this.#owned(owner, session.next ?? '');
      return this.#arrive(wanted, successor, {
        recovered: false,
        rolled_over: true,
      });
    }
    if (state === 'ended') throw ended();
    if (!recover) throw expired();
    const successor = this.#find(successorId(owner, session_id));
    if (!successor)
      return {
        session: this.#openAfter(session),
        recovered: true,
        rolled_over: false,
      };
    const reached = this.#arrive(wanted, successor, {
      recovered: true,
      rolled_over: false,
    });
    session.next = successor.id;
    return reached;
  }

  /** At the end of the one hop that is allowed. */
  #arrive({ recover }: Wanted, session: ModelSession, how: Omit<Reached, 'session'>): Reached {
    const state = this.#stateOf(session);
    if (state === 'open') return { session, ...how };
    if (session.next !== null || state === 'ended' || !recover) throw this.#over(session);
    const further = successorId(session.owner, session.id);
    if (this.#find(further)) throw continued(further);
    return { session: this.#openAfter(session), ...how, recovered: true };
  }

  #makeRoom({ messages }: AppendOperation, reached: Reached): Reached {
    const { session } = reached;
    const fits = ({ messages: there }: ModelSession) =>
      there.length + messages.length <= this.#limits.messagesPerSession;
    if (fits(session)) return reached;
    const there = this.#find(successorId(session.owner, session.id));
    if (there && !(this.#stateOf(there) === 'open' && fits(there))) throw continued(there.id);
    const successor = there ?? this.#openAfter(session);
    if (!there) {
      successor.escalated = session.escalated;
      successor.reason = session.reason;
    }
    session.next = successor.id;
    session.ended = {
      status: 'ended',
      reason: 'message_limit',
      at: this.#now(),
    };
    return { ...reached, session: successor, rolled_over: true };
  }

  /** The answer to messages that are all stored, as they are, in one session that the named one led to. */
  #repeated({ owner, session_id, messages, context_limit }: AppendOperation) {
    const next = successorId(owner, session_id);
    const session = [session_id, next, successorId(owner, next)]
      .map((id) => this.#find(id))
      .filter((one) => one?.owner === owner)
      .find((one) => one?.messages.some(({ message_id }) => message_id === messages[0]?.message_id));
    if (!session) return null;
    const stored: ModelMessage[] = [];
    for (const { message_id, role, content, metadata } of messages) {
      const same = session.messages.find((one) => one.message_id === message_id);
      if (same?.role !== role || same.content !== content) return null;
      if (!isDeepStrictEqual(same.metadata, metadata)) return null;
      stored.push(same);
    }
    return {
      session_id: session.id,
      messages: stored.map(({ message_id, seq }) => ({ message_id, seq })),
      recovered: session.id !== session_id,
      rolled_over: false,
      ...this.#contextOf(session, context_limit, stored.at(-1)?.seq ?? 0),
    };
  }

  #contextOf(session: ModelSession, limit: number | null, upTo: number) {
    if (limit === null) return { context: null, context_complete: null };
    const known = recentOf(session, this.#limits).filter(({ seq }) => seq <= upTo);
    const fromTheStart = session.previous === null && known[0]?.seq === 1;
    return {
      context: known.slice(-limit),
      context_complete: known.length >= limit || fromTheStart,
    };
  }

  #escalate(session: ModelSession): void {
    if (!session.escalated) session.escalations += 1;
    session.escalated = true;
  }

  #open(id: string, owner: string): ModelSession {
    const session: ModelSession = {
      id,
      owner,
      created: this.#now(),
      active: this.#now(),
      ended: null,
      escalated: false,
      escalations: 0,
      reason: null,
      previous: null,
      next: null,
      inherited: [],
      messages: [],
    };
    this.#sessions.push(session);
    return session;
  }

  #openAfter(session: ModelSession): ModelSession {
    const opened = this.#open(successorId(session.owner, session.id), session.owner);
    opened.previous = session.id;
    opened.inherited = recentOf(session, this.#limits).map((one) => ({
      ...one,
      seq: -Math.abs(one.seq),
    }));
    session.next = opened.id;
    return opened;
  }

  #over(session: ModelSession) {
    if (session.next !== null) return continued(session.next);
    return this.#stateOf(session) === 'expired' ? expired() : ended();
  }

  #owned(owner: string, id: string): ModelSession {
    const session = this.#find(id);
    if (session?.owner !== owner) throw notFound();
    return session;
  }

  #find(id: string): ModelSession | undefined {
    return this.#sessions.find((session) => session.id === id);
  }

  #findMessage(message_id: string): ModelMessage | undefined {
    return this.#sessions
      .flatMap(({ messages }) => messages)
      .find((message) => message.message_id === message_id);
  }

  #stateOf(session: ModelSession) {
    return stateOf(session, this.#now(), this.#limits);
  }

  #viewOf(session: ModelSession): SessionView {
    return viewOf(session, this.#now(), this.#limits);
  }

  #allOrNothing<Answer>(work: () => Answer): Answer {
    const before = structuredClone(this.#sessions);
    try {
      return work();
    } catch (refusal) {
      this.#sessions = before;
      throw refusal;
    }
  }
}
