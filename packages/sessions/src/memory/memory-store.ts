import type { Message, MessageCounters, Session } from 'kb-sessions-contract/records';
import { toHistoryMessage } from 'kb-sessions-contract/views';
import type { Clock } from '../clock.ts';
import { messageCounters, sessionCounters, uncountedDelta } from '../counters.ts';
import { expireIfDue, isOpen } from '../lifecycle.ts';
import type { Limits } from '../limits.ts';
import { planAppend } from '../plan/append.ts';
import { planCreate } from '../plan/create.ts';
import { planEnd } from '../plan/end.ts';
import { planEscalate } from '../plan/escalate.ts';
import { planFeedback } from '../plan/feedback.ts';
import { planGet } from '../plan/get.ts';
import { planBatch } from '../plan/plan-batch.ts';
import type { PlanContext, Planner, ReadView } from '../plan/types.ts';
import { planHistory, previousPageCursor } from '../recent-messages.ts';
import { sessionNotFoundError } from '../session-errors.ts';
import { decodeSessionCursor, sessionPage, storedStatuses } from '../session-page.ts';
import type {
  AppendOperation,
  AppendResult,
  CreateOperation,
  CreateResult,
  EndOperation,
  EscalateOperation,
  FeedbackOperation,
  GetOperation,
  GetResult,
  HistoryOperation,
  HistoryPage,
  ListOperation,
  SessionStore,
} from '../session-store.ts';

const VOLATILE = { durability: 'volatile', held_by: null } as const;

/**
 * A {@link SessionStore} in the memory of the process: for tests, and for trying things out without Firestore.
 * Every operation is one synchronous step, so nothing can come between its plan and its writes. It counts at once.
 */
export class MemoryStore implements SessionStore {
  readonly durability = 'volatile';
  readonly #sessions = new Map<string, Session>();
  readonly #messages = new Map<string, Message>();
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #view: ReadView = {
    session: (id) => this.#sessions.get(id) ?? null,
    message: (id) => this.#messages.get(id) ?? null,
    user: (id) => ({ isErased: false, openSessions: this.#openSessionsOf(id) }),
  };

  constructor({ limits, clock = Date.now }: { limits: Limits; clock?: Clock }) {
    this.#limits = limits;
    this.#clock = clock;
  }

  async create(operation: CreateOperation): Promise<CreateResult> {
    return { ...this.#run((view, at) => planCreate(view, operation, at)), ...VOLATILE };
  }

  async get(operation: GetOperation): Promise<GetResult> {
    const got = this.#run((view, at) => planGet(view, operation, at));
    return { ...got, durability: this.durability, metadata: null };
  }

  async append(operation: AppendOperation): Promise<AppendResult> {
    return { ...this.#run((view, at) => planAppend(view, operation, at)), ...VOLATILE };
  }

  async end(operation: EndOperation) {
    return this.#run((view, at) => planEnd(view, operation, at));
  }

  async escalate(operation: EscalateOperation) {
    return this.#run((view, at) => planEscalate(view, operation, at));
  }

  async history(operation: HistoryOperation): Promise<HistoryPage> {
    const session = this.#sessions.get(operation.session_id);
    if (session?.user_id !== operation.owner) throw sessionNotFoundError();
    const plan = planHistory(session, operation);
    const messages = plan.kind === 'recent' ? plan.messages : this.#query(session, plan, operation.full);
    return structuredClone({
      session_id: session.session_id,
      messages,
      next_before_seq: previousPageCursor(messages),
      complete: true,
    });
  }

  async list({ owner, limit, cursor, status }: ListOperation) {
    const after = cursor === null ? null : decodeSessionCursor(cursor);
    const order = ({ created_at, session_id }: { created_at: string; session_id: string }) =>
      `${created_at} ${session_id}`;
    const found = [...this.#sessions.values()]
      .filter((session) => session.user_id === owner)
      .filter((session) => status === null || storedStatuses(status).includes(session.status))
      .filter((session) => after === null || order(session) < order(after))
      .sort((a, b) => (order(a) < order(b) ? 1 : -1))
      .slice(0, limit);
    return sessionPage(found, { limit, status }, this.#clock(), this.#limits);
  }

  async feedback(operation: FeedbackOperation) {
    const plan = planFeedback(this.#messages.get(operation.message_id) ?? null, operation);
    if (plan.kind === 'refuse') throw plan.error;
    if (plan.kind === 'apply') {
      this.#messages.set(plan.message.message_id, plan.message);
      if (plan.part) this.#count(plan.message.session_id, plan.part);
    }
    const { session_id, message_id, rating } = operation;
    return { session_id, message_id, rating };
  }

  #run<Result>(planner: Planner<Result>): Result {
    const at: PlanContext = { now: this.#clock(), limits: this.#limits, expiryShard: 0 };
    const bundle = planBatch(this.#view, [planner], at);
    if (bundle.kind !== 'ready') throw new Error(`planned to ${bundle.kind} where everything is known`);
    for (const session of bundle.sessions) this.#sessions.set(session.session_id, session);
    for (const message of bundle.messages) {
      const { uncounted: _counted, ...stored } = message;
      this.#messages.set(message.message_id, {
        ...structuredClone(stored),
        counted: messageCounters(message),
      });
      const part = uncountedDelta(message);
      if (part) this.#count(message.session_id, part);
    }
    const outcome = bundle.outcomes[0];
    if (!outcome?.ok) throw outcome?.error ?? new Error('planned one operation, found no outcome');
    return structuredClone(outcome.result);
  }

  #count(session_id: string, part: MessageCounters): void {
    const session = this.#sessions.get(session_id);
    if (!session) return;
    const counted = { ...session };
    const moved = sessionCounters(part);
    for (const key of Object.keys(moved) as (keyof typeof moved)[]) counted[key] += moved[key];
    this.#sessions.set(session_id, counted);
  }

  #openSessionsOf(owner: string): number {
    const now = this.#clock();
    return [...this.#sessions.values()].filter(
      (session) => session.user_id === owner && isOpen(expireIfDue(session, now, this.#limits)),
    ).length;
  }

  #query(session: Session, { before_seq, limit }: { before_seq: number; limit: number }, full: boolean) {
    return [...this.#messages.values()]
      .filter((message) => message.session_id === session.session_id && message.seq < before_seq)
      .sort((a, b) => a.seq - b.seq)
      .slice(-limit)
      .map((message) => toHistoryMessage(message, full));
  }
}
