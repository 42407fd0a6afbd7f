import type { SessionView } from 'kb-sessions-contract/views';
import type { Limits } from '../../src/index.ts';
import { successorId } from '../../src/successor-id.ts';
import {
  type ModelMessage,
  type ModelSession,
  recentOf,
  type State,
  stateOf,
  viewOf,
} from './model-session.ts';
import { continued, ended, expired, notFound } from './refusal.ts';

/** Everything the model has stored: one list, searched from its beginning. */
export class ModelData {
  sessions: ModelSession[] = [];
  readonly limits: Limits;
  readonly now: () => number;

  constructor(limits: Limits, now: () => number) {
    this.limits = limits;
    this.now = now;
  }

  /** A copy of everything is taken before `work`, so that where it refuses it has changed nothing. */
  allOrNothing<Answer>(work: () => Answer): Answer {
    const before = structuredClone(this.sessions);
    try {
      return work();
    } catch (refusal) {
      this.sessions = before;
      throw refusal;
    }
  }

  find(id: string): ModelSession | undefined {
    return this.sessions.find((session) => session.id === id);
  }

  owned(owner: string, id: string): ModelSession {
    const session = this.find(id);
    if (session?.owner !== owner) throw notFound();
    return session;
  }

  findMessage(message_id: string): ModelMessage | undefined {
    return this.sessions
      .flatMap(({ messages }) => messages)
      .find((message) => message.message_id === message_id);
  }

  open(id: string, owner: string): ModelSession {
    const session: ModelSession = {
      id,
      owner,
      created: this.now(),
      active: this.now(),
      ended: null,
      escalated: false,
      escalations: 0,
      reason: null,
      previous: null,
      next: null,
      inherited: [],
      messages: [],
    };
    this.sessions.push(session);
    return session;
  }

  openAfter(session: ModelSession): ModelSession {
    const opened = this.open(successorId(session.owner, session.id), session.owner);
    opened.previous = session.id;
    opened.inherited = recentOf(session, this.limits).map((one) => ({ ...one, seq: -Math.abs(one.seq) }));
    session.next = opened.id;
    return opened;
  }

  stateOf(session: ModelSession): State {
    return stateOf(session, this.now(), this.limits);
  }

  viewOf(session: ModelSession): SessionView {
    return viewOf(session, this.now(), this.limits);
  }

  /** Why a session that is over takes nothing more. */
  whyOver(session: ModelSession) {
    if (session.next !== null) return continued(session.next);
    return this.stateOf(session) === 'expired' ? expired() : ended();
  }
}
