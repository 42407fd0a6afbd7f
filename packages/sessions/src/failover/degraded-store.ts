import { SessionError } from 'kb-sessions-contract/errors';
import type { Session } from 'kb-sessions-contract/records';
import { toSessionView } from 'kb-sessions-contract/views';
import type { Clock } from '../clock.ts';
import type { Entry, Journal, SessionKey } from '../journal/journal.ts';
import { expireIfDue, newSession } from '../lifecycle.ts';
import type { Limits } from '../limits.ts';
import { resolveSession } from '../plan/resolve-session.ts';
import type { ReadView } from '../plan/types.ts';
import { unavailableError } from '../session-errors.ts';
import type {
  AppendOperation,
  AppendResult,
  CreateOperation,
  CreateResult,
  GetOperation,
  GetResult,
  HistoryOperation,
  HistoryPage,
} from '../session-store.ts';
import type { FailoverEvents } from './failover-events.ts';
import { applyEntry, newestHistoryPage, type ProjectedSession, projectSession } from './project-session.ts';
import type { ReadCache } from './read-cache.ts';

/** The options of a {@link DegradedStore}. */
export type DegradedStoreOptions = {
  journal: Journal;
  cache: ReadCache;
  limits: Limits;
  clock: Clock;
  events: FailoverEvents;
};

/** How a session id resolves as far as this instance knows. `unknown`: only the primary can tell. */
type DegradedResolution =
  | {
      kind: 'known';
      session: ProjectedSession & { record: Session };
      recovered: boolean;
      rolled_over: boolean;
    }
  | { kind: 'over'; error: SessionError }
  | { kind: 'unknown'; session: ProjectedSession };

/** How many entries one session may have: every use of the session reads all of them. */
const MAX_PENDING_ENTRIES = 250;

/**
 * Answers while the primary is unavailable: from the journal and from the read cache. It never answers that a session is
 * missing, belongs to another owner or has expired, and it opens no successor: only the primary can decide that. What it
 * cannot answer is `unavailable`. A write to a session that it does not know is accepted for the owner whom the operation
 * names.
 */
export class DegradedStore {
  readonly #options: DegradedStoreOptions;

  constructor(options: DegradedStoreOptions) {
    this.#options = options;
  }

  /** @throws SessionError `unavailable` if the journal is full or holds the id with other content */
  async create(operation: CreateOperation): Promise<CreateResult> {
    const { clock, limits } = this.#options;
    const { session_id } = operation;
    const now = clock();
    const held_by = await this.#accept({ kind: 'create', entry_id: session_id, accepted_at: now, operation });
    const { expires_at } = newSession({ ...operation, now, limits, expiryShard: 0 });
    return { session_id, expires_at, durability: 'volatile', held_by };
  }

  /** @throws SessionError `unavailable` if the session is not known; `failed-precondition` if it is known to be over */
  async get(operation: GetOperation): Promise<GetResult> {
    const { resolution } = await this.#resolve(operation);
    if (resolution.kind === 'over') throw resolution.error;
    if (resolution.kind === 'unknown') throw notKnownError();
    const { session, recovered, rolled_over } = resolution;
    const { record, metadata } = session;
    return structuredClone({
      session: toSessionView(record),
      recovered,
      rolled_over,
      durability: 'volatile',
      metadata,
    });
  }

  /** @throws SessionError `unavailable` if the session is known to be over, has too many entries, or the journal does not accept the entry */
  async append(operation: AppendOperation): Promise<AppendResult> {
    const { session_id, messages, context_limit } = operation;
    const { resolution, entries } = await this.#resolve(operation);
    // The session may be over, but a first attempt whose answer was lost may have stored the messages.
    if (resolution.kind === 'over') throw notKnownError();
    const [first] = messages;
    if (!first) throw new Error('expected an append with messages, found none');
    const isPending = entries.some(({ entry_id }) => entry_id === first.message_id);
    if (!isPending && entries.length >= MAX_PENDING_ENTRIES)
      throw unavailableError(new Error(`a session may have at most ${MAX_PENDING_ENTRIES} pending calls`));
    const { clock, limits } = this.#options;
    const entry: Entry = { kind: 'append', entry_id: first.message_id, accepted_at: clock(), operation };
    const held_by = await this.#accept(entry);
    const after = isPending ? resolution.session : applyEntry(resolution.session, entry, limits);
    return {
      session_id,
      messages: messages.map(({ message_id }) => ({ message_id, seq: null })),
      durability: 'volatile',
      held_by,
      recovered: false,
      rolled_over: false,
      ...contextOf(after, resolution.kind === 'known', context_limit),
    };
  }

  /** @throws SessionError `unavailable` if no message of the page is known */
  async history(operation: HistoryOperation): Promise<HistoryPage> {
    const { session_id, limit, before_seq, full } = operation;
    const { session, entries } = await this.#project(operation);
    const stored = (session.record?.recent ?? []).filter(
      ({ seq }) => seq > 0 && (before_seq === null || seq < before_seq),
    );
    const page = newestHistoryPage(stored, before_seq === null ? entries : [], { limit, full });
    if (page.messages.length === 0 && (session.record === null || before_seq !== null)) throw notKnownError();
    return structuredClone({ session_id, ...page, complete: false });
  }

  async #accept(entry: Entry): Promise<string> {
    const { journal, events } = this.#options;
    try {
      const { held_by, isNew } = await journal.accept(entry);
      if (isNew) events.accepted();
      return held_by;
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      // Of two contents with the same id, only the primary knows which one it has: an unclear write may have succeeded.
      if (error.code === 'already-exists') throw unavailableError(error);
      events.rejected();
      throw error;
    }
  }

  async #resolve(
    operation: AppendOperation | GetOperation,
  ): Promise<{ resolution: DegradedResolution; entries: readonly Entry[] }> {
    const { cache, limits, clock } = this.#options;
    const { owner, session_id } = operation;
    const { session: named, entries } = await this.#project(operation);
    const { record } = named;
    const view: ReadView = {
      session: (id) => (id === session_id ? record : cache.get(owner, id)) ?? undefined,
      message: () => undefined,
      user: () => undefined,
    };
    const unknown = { kind: 'unknown', session: named } as const;
    const plan = resolveSession(view, operation, { now: clock(), limits, expiryShard: 0 });
    if (plan.kind === 'refuse') {
      const isFinal = plan.error.code === 'failed-precondition' && plan.expired.length === 0;
      return { resolution: isFinal ? { kind: 'over', error: plan.error } : unknown, entries };
    }
    if (plan.kind === 'load' || plan.changed.length > 0) return { resolution: unknown, entries };
    const { session: resolved, recovered, rolled_over } = plan;
    const projected = resolved === record ? named : projectSession(resolved, entries, limits);
    const session = { ...projected, record: projected.record ?? resolved };
    return { resolution: { kind: 'known', session, recovered, rolled_over }, entries };
  }

  /** The session as this instance knows it. Another instance may have touched an expired session, so its record is not used. */
  async #project(key: SessionKey): Promise<{ session: ProjectedSession; entries: readonly Entry[] }> {
    const { journal, cache, limits, clock } = this.#options;
    const entries = await journal.pending(key);
    const session = projectSession(cache.get(key.owner, key.session_id), entries, limits);
    const { record } = session;
    if (!record || expireIfDue(record, clock(), limits) === record) return { session, entries };
    const appends = entries.filter(({ kind }) => kind === 'append');
    return { session: projectSession(null, appends, limits), entries };
  }
}

const contextOf = (
  { recent, isComplete }: Pick<ProjectedSession, 'recent' | 'isComplete'>,
  isKnown: boolean,
  limit: number | null,
): Pick<AppendResult, 'context' | 'context_complete'> =>
  limit === null
    ? { context: null, context_complete: null }
    : {
        context: structuredClone(recent.slice(-limit)),
        context_complete: isKnown && (recent.length >= limit || isComplete),
      };

const notKnownError = (): SessionError => unavailableError(new Error('only the primary knows this'));
