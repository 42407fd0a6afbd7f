import type { Message, MessageCounters, Session } from 'kb-sessions-contract/records';
import { toHistoryMessage } from 'kb-sessions-contract/views';
import type { Clock } from '../clock.ts';
import { messageCounters, sessionCounters, uncountedDelta } from '../counters.ts';
import { decodeCursor, SESSION_LIST_CURSOR } from '../cursor.ts';
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
import { sessionPage, storedStatuses } from '../session-page.ts';
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
 * A {@link SessionStore} in the memory of the process, for tests and for trials without Firestore. Every operation is one
 * synchronous step, so no other operation runs between its plan and its writes. Messages are counted at once. Nothing
 * limits how much the store holds, and nothing deletes old records.
 *
 * @example
 * ```ts
 * import type { Limits } from 'kb-sessions';
 * import { MemoryStore } from 'kb-sessions/memory';
 *
 * export const createTestStore = (limits: Limits) => {
 *   let now = Date.parse('2026-01-01T00:00:00.000Z');
 *   const store = new MemoryStore({ limits, clock: () => now });
 *   return { store, advance: (ms: number) => (now += ms) };
 * };
 * ```
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

  /** @param options `clock`: the time of the store, `Date.now` by default */
  constructor({ limits, clock = Date.now }: { limits: Limits; clock?: Clock }) {
    this.#limits = limits;
    this.#clock = clock;
  }

  async create(operation: CreateOperation): Promise<CreateResult> {
    return { ...this.#run((view, context) => planCreate(view, operation, context)), ...VOLATILE };
  }

  async get(operation: GetOperation): Promise<GetResult> {
    const result = this.#run((view, context) => planGet(view, operation, context));
    return { ...result, durability: this.durability, metadata: null };
  }

  async append(operation: AppendOperation): Promise<AppendResult> {
    return { ...this.#run((view, context) => planAppend(view, operation, context)), ...VOLATILE };
  }

  async end(operation: EndOperation) {
    return this.#run((view, context) => planEnd(view, operation, context));
  }

  async escalate(operation: EscalateOperation) {
    return this.#run((view, context) => planEscalate(view, operation, context));
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
    const sortKey = ([created_at, session_id]: [created_at: string, session_id: string]) =>
      `${created_at} ${session_id}`;
    const keyOf = ({ created_at, session_id }: Session) => sortKey([created_at, session_id]);
    const after = cursor === null ? null : sortKey(decodeCursor(SESSION_LIST_CURSOR, cursor));
    const sessions = [...this.#sessions.values()]
      .filter((session) => session.user_id === owner)
      .filter((session) => status === null || storedStatuses(status).includes(session.status))
      .filter((session) => after === null || keyOf(session) < after)
      .sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1))
      .slice(0, limit);
    return sessionPage(sessions, { limit, status }, this.#clock(), this.#limits);
  }

  async feedback(operation: FeedbackOperation) {
    const plan = planFeedback(this.#messages.get(operation.message_id) ?? null, operation);
    if (plan.kind === 'refuse') throw plan.error;
    if (plan.kind === 'apply') {
      this.#messages.set(plan.message.message_id, plan.message);
      if (plan.delta) this.#count(plan.message.session_id, plan.delta);
    }
    const { session_id, message_id, rating } = operation;
    return { session_id, message_id, rating };
  }

  #run<Result>(planner: Planner<Result>): Result {
    const context: PlanContext = { now: this.#clock(), limits: this.#limits, expiryShard: 0 };
    const plan = planBatch(this.#view, [planner], context);
    if (plan.kind !== 'ready') throw new Error(`expected a complete plan, found ${plan.kind}`);
    for (const session of plan.sessions) this.#sessions.set(session.session_id, session);
    for (const message of plan.messages) {
      const { uncounted: _counted, ...stored } = message;
      this.#messages.set(message.message_id, {
        ...structuredClone(stored),
        counted: messageCounters(message),
      });
      const delta = uncountedDelta(message);
      if (delta) this.#count(message.session_id, delta);
    }
    const outcome = plan.outcomes[0];
    if (!outcome?.ok) throw outcome?.error ?? new Error('expected the outcome of one operation, found none');
    return structuredClone(outcome.result);
  }

  #count(session_id: string, delta: MessageCounters): void {
    const session = this.#sessions.get(session_id);
    if (!session) return;
    const counted = { ...session };
    const increments = sessionCounters(delta);
    for (const key of Object.keys(increments) as (keyof typeof increments)[]) counted[key] += increments[key];
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
