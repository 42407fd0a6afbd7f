import type { Session } from 'kb-sessions-contract/records';
import { utf8ByteLength } from 'kb-sessions-contract/text';
import { toHistoryMessage } from 'kb-sessions-contract/views';
import { KeyedBatcher } from '../keyed-batcher.ts';
import { recordCost } from '../operation-cost.ts';
import { planAppend } from '../plan/append.ts';
import { planCreate } from '../plan/create.ts';
import { planEnd } from '../plan/end.ts';
import { planEscalate } from '../plan/escalate.ts';
import { planGet } from '../plan/get.ts';
import type { OperationOutcome } from '../plan/plan-batch.ts';
import type { Planner } from '../plan/types.ts';
import { planHistory, previousPageCursor } from '../recent-messages.ts';
import { sessionNotFoundError } from '../session-errors.ts';
import { decodeSessionCursor, sessionPage, storedStatuses } from '../session-page.ts';
import type {
  AppendOperation,
  AppendResult,
  CreateOperation,
  CreateResult,
  EndOperation,
  EndResult,
  EscalateOperation,
  FeedbackOperation,
  FeedbackResult,
  GetOperation,
  GetResult,
  HistoryOperation,
  HistoryPage,
  ListOperation,
  SessionPage,
  SessionStore,
} from '../session-store.ts';
import { mapErrors, toSessionError } from './classify-error.ts';
import { decodeMessage, decodeSession, toTimestamp } from './codec.ts';
import { compareAndSet } from './compare-and-set.ts';
import type { FirestoreContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import { messagesCollection, sessionsCollection } from './documents.ts';
import { rateMessage } from './rate-message.ts';
import type { ReadSet } from './read-set.ts';

/** One commit takes 10 MiB; what goes together stays well below, its session documents included. */
const BUNDLE_BYTES = 4 * 1024 * 1024;
const BUNDLE_WRITES = 400;

const DURABLE = { durability: 'durable', held_by: null } as const;

type InLane = { planner: Planner<unknown>; weight: number };

/** The primary: a {@link SessionStore} on Cloud Firestore. The cost of each operation is in the table of the README. */
export class FirestoreStore implements SessionStore {
  readonly durability = 'durable';
  readonly #context: FirestoreContext;
  readonly #onSessionRead: (session: Session) => void;
  readonly #lanes: KeyedBatcher<InLane, OperationOutcome<unknown>>;

  /** @param onSessionRead told each session that an operation finds or leaves, as it is then */
  constructor(context: FirestoreContext, onSessionRead: (session: Session) => void = () => {}) {
    this.#context = context;
    this.#onSessionRead = onSessionRead;
    this.#lanes = new KeyedBatcher(
      (session_id, works) =>
        this.#settle(
          works.map(({ planner }) => planner),
          (reading) => reading.load({ session_id }),
        ),
      ({ weight }) => weight,
    );
  }

  async create(operation: CreateOperation): Promise<CreateResult> {
    const planned = await this.#alone(
      (view, at) => planCreate(view, operation, at),
      (reading) => reading.load({ user_id: operation.owner }),
    );
    return { ...planned, ...DURABLE };
  }

  async get(operation: GetOperation): Promise<GetResult> {
    const planned = await this.#alone(
      (view, at) => planGet(view, operation, at),
      (reading) => reading.load({ session_id: operation.session_id }),
    );
    return { ...planned, durability: this.durability, metadata: null };
  }

  async append(operation: AppendOperation): Promise<AppendResult> {
    const { owner, session_id, replay } = operation;
    if (replay) {
      const replayed = await this.#alone(
        (view, at) => planAppend(view, operation, at),
        (reading) => reading.loadUnlessErased({ session_id, user_id: owner }),
      );
      return { ...replayed, ...DURABLE };
    }
    const bytes = operation.messages.reduce((sum, { content }) => sum + utf8ByteLength(content), 0);
    const weight = Math.max(bytes / BUNDLE_BYTES, operation.messages.length / BUNDLE_WRITES);
    const planned = await this.#inLane(operation, (view, at) => planAppend(view, operation, at), weight);
    return { ...planned, ...DURABLE };
  }

  end(operation: EndOperation): Promise<EndResult> {
    return this.#inLane(operation, (view, at) => planEnd(view, operation, at));
  }

  escalate(operation: EscalateOperation): Promise<EndResult> {
    return this.#inLane(operation, (view, at) => planEscalate(view, operation, at));
  }

  async history(operation: HistoryOperation): Promise<HistoryPage> {
    const { session_id, owner, full } = operation;
    const snapshot = await this.#ask(sessionsCollection(this.#context.db).doc(session_id).get());
    recordCost(1, 0);
    const data = snapshot.data();
    const session = data && decodeSession(data);
    if (session?.user_id !== owner) throw sessionNotFoundError();
    this.#onSessionRead(session);
    const plan = planHistory(session, operation);
    const messages =
      plan.kind === 'recent'
        ? plan.messages
        : await this.#queryHistory(session_id, plan.before_seq, plan.limit, full);
    return { session_id, messages, next_before_seq: previousPageCursor(messages), complete: true };
  }

  async list({ owner, limit, cursor, status }: ListOperation): Promise<SessionPage> {
    let query = sessionsCollection(this.#context.db)
      .where('user_id', '==', owner)
      .orderBy('created_at', 'desc')
      .orderBy('__name__', 'desc')
      .limit(limit);
    if (status) query = query.where('status', 'in', storedStatuses(status));
    if (cursor !== null) {
      const after = decodeSessionCursor(cursor);
      query = query.startAfter(toTimestamp(after.created_at), after.session_id);
    }
    const found = await this.#ask(query.get());
    recordCost(Math.max(1, found.size), 0);
    const now = this.#context.now(found.readTime);
    const sessions = found.docs.map((document) => decodeSession(document.data()));
    return sessionPage(sessions, { limit, status }, now, this.#context.limits);
  }

  async feedback(operation: FeedbackOperation): Promise<FeedbackResult> {
    await mapErrors(rateMessage(this.#context, operation));
    const { session_id, message_id, rating } = operation;
    return { session_id, message_id, rating };
  }

  async #queryHistory(session_id: string, before_seq: number, limit: number, full: boolean) {
    const found = await this.#ask(
      messagesCollection(this.#context.db)
        .where('session_id', '==', session_id)
        .where('seq', '<', before_seq)
        .orderBy('seq', 'desc')
        .limit(limit)
        .get(),
    );
    recordCost(Math.max(1, found.size), 0);
    return found.docs.map((document) => toHistoryMessage(decodeMessage(document.data()), full)).reverse();
  }

  #ask<Answer>(rpc: Promise<Answer>): Promise<Answer> {
    return mapErrors(withDeadline(this.#context, rpc));
  }

  async #alone<Result>(
    planner: Planner<Result>,
    begin: (reading: ReadSet) => Promise<void>,
  ): Promise<Result> {
    const [outcome] = await this.#settle([planner], begin);
    return resultOf(outcome);
  }

  async #settle<Result>(
    planners: Planner<Result>[],
    begin: (reading: ReadSet) => Promise<void>,
  ): Promise<OperationOutcome<Result>[]> {
    try {
      const { outcomes, sessions } = await compareAndSet(this.#context, planners, begin);
      for (const session of sessions) this.#onSessionRead(session);
      return outcomes;
    } catch (error) {
      throw toSessionError(error);
    }
  }

  async #inLane<Result>(
    { session_id }: { session_id: string },
    planner: Planner<Result>,
    weight = 1 / BUNDLE_WRITES,
  ): Promise<Result> {
    const outcome = await this.#lanes.enqueue(session_id, { planner, weight });
    return resultOf(outcome as OperationOutcome<Result>);
  }
}

const resultOf = <Result>(outcome: OperationOutcome<Result> | undefined): Result => {
  if (outcome?.ok) return outcome.result;
  throw outcome?.error ?? new Error('planned an operation, found no outcome');
};
