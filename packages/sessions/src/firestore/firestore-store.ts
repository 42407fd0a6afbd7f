import type { Session } from 'kb-sessions-contract/records';
import { utf8ByteLength } from 'kb-sessions-contract/text';
import { type HistoryMessage, toHistoryMessage } from 'kb-sessions-contract/views';
import { decodeCursor, SESSION_LIST_CURSOR } from '../cursor.ts';
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
import { sessionPage, storedStatuses } from '../session-page.ts';
import type {
  AppendOperation,
  AppendResult,
  CreateOperation,
  CreateResult,
  EndOperation,
  EndResult,
  EscalateOperation,
  EscalateResult,
  FeedbackOperation,
  FeedbackResult,
  GetOperation,
  GetResult,
  HistoryOperation,
  HistoryPage,
  ListOperation,
  SessionPage,
  SessionStore,
  WithoutAck,
} from '../session-store.ts';
import { mapErrors, toSessionError } from './classify-error.ts';
import { decodeMessage, decodeSession, toTimestamp } from './codec.ts';
import { compareAndSet } from './compare-and-set.ts';
import type { FirestoreContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import { messagesCollection, sessionsCollection } from './documents.ts';
import { rateMessage } from './rate-message.ts';
import type { ReadSet } from './read-set.ts';

/** The bounds of a batch. A commit takes 10 MiB; a batch stays well below, with its session documents included. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_WRITES = 400;

const DURABLE = { durability: 'durable', held_by: null } as const;

type BatchedWork = { planner: Planner<unknown>; weight: number };

/**
 * The {@link SessionStore} in Cloud Firestore. Appends, ends and escalations of one session that arrive during a commit form
 * the next batch.
 *
 * Costs as documents read / documents written / sequential round trips, for an open session without competition: create
 * 2 / 1 / 2; get 1 / 0 / 1, and 1 / 1 / 2 with a touch; append 1 / messages + 1 / 2; history 1 / 0 / 1, an older or full page
 * one read per message and one round trip more; list one read per session, one round trip; end 1 / 1 / 2; feedback
 * 1 / 3 / 2; escalate 1 / 2 / 2. Each conflict adds 1 / 0 / 2. docs/costs.md has all rows, which a test measures.
 *
 * @example
 * ```ts
 * import { randomInt } from 'node:crypto';
 * import { initializeApp } from 'firebase-admin/app';
 * import { getFirestore } from 'firebase-admin/firestore';
 * import { SessionManager } from 'kb-sessions';
 * import { CLIENT_SETTINGS, type FirestoreContext, FirestoreStore } from 'kb-sessions/firestore';
 *
 * const db = getFirestore(initializeApp());
 * db.settings(CLIENT_SETTINGS);
 * const hour = 60 * 60 * 1000;
 * const context: FirestoreContext = {
 *   db,
 *   limits: {
 *     idleTimeoutMs: 2 * hour,
 *     lifetimeMs: 24 * hour,
 *     touchIntervalMs: 60_000,
 *     retentionMs: 30 * 24 * hour,
 *     messagesPerSession: 50,
 *     recentMessages: 20,
 *     expiryShards: 10,
 *     analyticsShards: 10,
 *     openSessionsPerUser: 100,
 *   },
 *   deadlineMs: 2000,
 *   now: (readTime) => readTime.toMillis(),
 *   random: (below) => randomInt(below),
 * };
 * const store = new FirestoreStore(context);
 * export const manager = new SessionManager({ store, ownersMayAnswer: false });
 * ```
 */
export class FirestoreStore implements SessionStore {
  readonly durability = 'durable';
  readonly #context: FirestoreContext;
  readonly #onSessionRead: (session: Session) => void;
  readonly #batcher: KeyedBatcher<BatchedWork, OperationOutcome<unknown>>;

  /** @param onSessionRead receives each session that an operation reads or writes, as it is then; for a read cache */
  constructor(context: FirestoreContext, onSessionRead: (session: Session) => void = () => {}) {
    this.#context = context;
    this.#onSessionRead = onSessionRead;
    this.#batcher = new KeyedBatcher(
      (session_id, works) =>
        this.#runBatch(
          works.map(({ planner }) => planner),
          (readSet) => readSet.load({ session_id }),
        ),
      ({ weight }) => weight,
    );
  }

  async create(operation: CreateOperation): Promise<CreateResult> {
    const result = await this.#unbatched(
      (view, context) => planCreate(view, operation, context),
      (readSet) => readSet.load({ user_id: operation.owner }),
    );
    return { ...result, ...DURABLE };
  }

  async get(operation: GetOperation): Promise<GetResult> {
    const result = await this.#unbatched(
      (view, context) => planGet(view, operation, context),
      (readSet) => readSet.load({ session_id: operation.session_id }),
    );
    return { ...result, durability: this.durability, metadata: null };
  }

  async append(operation: AppendOperation): Promise<AppendResult> {
    const { owner, session_id, replay, messages } = operation;
    const planner: Planner<WithoutAck<AppendResult>> = (view, context) =>
      planAppend(view, operation, context);
    if (replay) {
      const result = await this.#unbatched(planner, (readSet) =>
        readSet.loadUnlessErased({ session_id, user_id: owner }),
      );
      return { ...result, ...DURABLE };
    }
    const bytes = messages.reduce((sum, { content }) => sum + utf8ByteLength(content), 0);
    const weight = Math.max(bytes / BATCH_BYTES, messages.length / BATCH_WRITES);
    return { ...(await this.#batched(session_id, planner, weight)), ...DURABLE };
  }

  end(operation: EndOperation): Promise<EndResult> {
    return this.#batched(operation.session_id, (view, context) => planEnd(view, operation, context));
  }

  escalate(operation: EscalateOperation): Promise<EscalateResult> {
    return this.#batched(operation.session_id, (view, context) => planEscalate(view, operation, context));
  }

  async history(operation: HistoryOperation): Promise<HistoryPage> {
    const { session_id, owner, full } = operation;
    const snapshot = await this.#read(sessionsCollection(this.#context.db).doc(session_id).get());
    recordCost(1, 0);
    const data = snapshot.data();
    const session = data && decodeSession(data);
    if (session?.user_id !== owner) throw sessionNotFoundError();
    this.#onSessionRead(session);
    const plan = planHistory(session, operation);
    const messages = plan.kind === 'recent' ? plan.messages : await this.#query(session_id, plan, full);
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
      const [created_at, session_id] = decodeCursor(SESSION_LIST_CURSOR, cursor);
      query = query.startAfter(toTimestamp(created_at), session_id);
    }
    const page = await this.#read(query.get());
    recordCost(Math.max(1, page.size), 0);
    const now = this.#context.now(page.readTime);
    const sessions = page.docs.map((document) => decodeSession(document.data()));
    return sessionPage(sessions, { limit, status }, now, this.#context.limits);
  }

  async feedback(operation: FeedbackOperation): Promise<FeedbackResult> {
    await mapErrors(rateMessage(this.#context, operation));
    const { session_id, message_id, rating } = operation;
    return { session_id, message_id, rating };
  }

  async #query(
    session_id: string,
    { before_seq, limit }: { before_seq: number; limit: number },
    full: boolean,
  ): Promise<HistoryMessage[]> {
    const query = messagesCollection(this.#context.db)
      .where('session_id', '==', session_id)
      .where('seq', '<', before_seq)
      .orderBy('seq', 'desc')
      .limit(limit);
    const page = await this.#read(query.get());
    recordCost(Math.max(1, page.size), 0);
    return page.docs.map((document) => toHistoryMessage(decodeMessage(document.data()), full)).reverse();
  }

  #read<Answer>(rpc: Promise<Answer>): Promise<Answer> {
    return mapErrors(withDeadline(this.#context, rpc));
  }

  async #unbatched<Result>(
    planner: Planner<Result>,
    begin: (readSet: ReadSet) => Promise<void>,
  ): Promise<Result> {
    const [outcome] = await this.#runBatch([planner], begin);
    return resultOf(outcome);
  }

  async #batched<Result>(
    session_id: string,
    planner: Planner<Result>,
    weight = 1 / BATCH_WRITES,
  ): Promise<Result> {
    const outcome = await this.#batcher.enqueue(session_id, { planner, weight });
    return resultOf(outcome as OperationOutcome<Result>);
  }

  async #runBatch<Result>(
    planners: Planner<Result>[],
    begin: (readSet: ReadSet) => Promise<void>,
  ): Promise<OperationOutcome<Result>[]> {
    try {
      const { outcomes, sessions } = await compareAndSet(this.#context, planners, begin);
      for (const session of sessions) this.#onSessionRead(session);
      return outcomes;
    } catch (error) {
      throw toSessionError(error);
    }
  }
}

const resultOf = <Result>(outcome: OperationOutcome<Result> | undefined): Result => {
  if (outcome?.ok) return outcome.result;
  throw outcome?.error ?? new Error('expected the outcome of an operation, found none');
};
