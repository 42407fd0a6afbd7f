import type { SessionView } from 'kb-sessions-contract/views';
import type { Limits } from '../../src/index.ts';
import type {
  AppendOperation,
  CreateOperation,
  EndOperation,
  EscalateOperation,
  FeedbackOperation,
  GetOperation,
  HistoryOperation,
  HistoryPage,
} from '../../src/session-store.ts';
import { append } from './append.ts';
import { ModelData } from './model-data.ts';
import { briefOf, escalate, expiryOf } from './model-session.ts';
import { reach } from './reach.ts';
import { notFound } from './refusal.ts';

/** What a SessionStore does for one caller at a time, said once more in the plainest way and without its code. */
export class ModelStore {
  readonly #data: ModelData;

  constructor(limits: Limits, now: () => number) {
    this.#data = new ModelData(limits, now);
  }

  create({ owner, session_id }: CreateOperation) {
    const data = this.#data;
    const found = data.find(session_id);
    if (found && found.owner !== owner) throw notFound();
    const { expires_at } = data.viewOf(found ?? data.open(session_id, owner));
    return { session_id, expires_at };
  }

  get(operation: GetOperation) {
    const data = this.#data;
    return data.allOrNothing(() => {
      const { session, ...how } = reach(data, operation);
      const { touchIntervalMs, idleTimeoutMs } = data.limits;
      if (data.now() - session.active >= Math.min(touchIntervalMs, idleTimeoutMs / 2))
        session.active = data.now();
      return { session: data.viewOf(session), ...how };
    });
  }

  append(operation: AppendOperation) {
    return this.#data.allOrNothing(() => append(this.#data, operation));
  }

  history({ owner, session_id, before_seq, limit, full }: HistoryOperation): HistoryPage {
    const messages = this.#data
      .owned(owner, session_id)
      .messages.filter(({ seq }) => before_seq === null || seq < before_seq)
      .slice(-limit)
      .map((message) => {
        if (!full) return briefOf(message);
        const { metadata, feedback, comment } = message;
        return { ...briefOf(message), metadata, feedback, feedback_comment: comment, replayed: false };
      });
    const first = messages[0]?.seq ?? 1;
    return { session_id, messages, next_before_seq: first > 1 ? first : null, complete: true };
  }

  /** All pages of a list. */
  list(owner: string): SessionView[] {
    const key = ({ created_at, session_id }: SessionView) => `${created_at} ${session_id}`;
    return this.#data.sessions
      .filter((session) => session.owner === owner)
      .map((session) => this.#data.viewOf(session))
      .toSorted((a, b) => (key(a) < key(b) ? 1 : -1));
  }

  end({ owner, session_id }: EndOperation) {
    const data = this.#data;
    const named = data.owned(owner, session_id);
    const session = data.stateOf(named) === 'rolled over' ? data.owned(owner, named.next ?? '') : named;
    if (data.stateOf(session) === 'rolled over') throw data.whyOver(session);
    if (data.stateOf(session) === 'open') {
      session.ended = { status: 'ended', reason: 'user', at: data.now() };
    }
    return { session_id: session.id, status: data.viewOf(session).status };
  }

  escalate({ owner, session_id, reason }: EscalateOperation) {
    const { session } = reach(this.#data, { owner, session_id, recover: false });
    if (!session.escalated) {
      session.reason = reason;
      session.active = this.#data.now();
    }
    escalate(session);
    return { session_id: session.id, status: 'escalated' };
  }

  feedback({ owner, session_id, message_id, rating, comment }: FeedbackOperation) {
    const session = this.#data.find(session_id);
    const message = session?.messages.find((one) => one.message_id === message_id);
    if (session?.owner !== owner || !message) throw notFound();
    message.feedback = rating;
    message.comment = comment;
    return { session_id, message_id, rating };
  }

  /** When a session expires; null where there is none. */
  expiryOf(session_id: string): number | null {
    const session = this.#data.find(session_id);
    return session ? expiryOf(session, this.#data.limits) : null;
  }
}
