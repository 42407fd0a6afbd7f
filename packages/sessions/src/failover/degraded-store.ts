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

export type DegradedStoreOptions = {
  journal: Journal;
  cache: ReadCache;
  limits: Limits;
  clock: Clock;
  events: FailoverEvents;
};

/** What is known here of the session that an id stands for; `unknown` where only the primary could say more. */
type Found =
  | {
      kind: 'known';
      session: ProjectedSession & { record: Session };
      recovered: boolean;
      rolled_over: boolean;
    }
  | { kind: 'over'; error: SessionError }
  | { kind: 'unknown'; session: ProjectedSession };

/** What may wait in one session: all of it is looked through whenever the session is used. */
const MAX_WAITING = 250;

/**
 * Answers while the primary is away: from the journal, and from what the primary showed last. It never says that a
 * session does not exist, is somebody else's or has expired, and opens no successor: only the primary can. What it
 * cannot say is `unavailable`; what is written to a session that it does not know waits for the owner who is named.
 */
export class DegradedStore {
  readonly #options: DegradedStoreOptions;

  constructor(options: DegradedStoreOptions) {
    this.#options = options;
  }

  async create(operation: CreateOperation): Promise<CreateResult> {
    const { clock, limits } = this.#options;
    const { session_id } = operation;
    const now = clock();
    const held_by = await this.#accept({ kind: 'create', entry_id: session_id, accepted_at: now, operation });
    const { expires_at } = newSession({ ...operation, now, limits, expiryShard: 0 });
    return { session_id, expires_at, durability: 'volatile', held_by };
  }

  async get(operation: GetOperation): Promise<GetResult> {
    const { found } = await this.#find(operation);
    if (found.kind === 'over') throw found.error;
    if (found.kind === 'unknown') throw notKnown();
    const { session, recovered, rolled_over } = found;
    const { record, metadata } = session;
    return structuredClone({
      session: toSessionView(record),
      recovered,
      rolled_over,
      durability: 'volatile',
      metadata,
    });
  }

  async append(operation: AppendOperation): Promise<AppendResult> {
    const { session_id, messages, context_limit } = operation;
    const { found, entries } = await this.#find(operation);
    // Over it may be, but the messages may be there from a first try whose answer was lost.
    if (found.kind === 'over') throw notKnown();
    const [first] = messages;
    if (!first) throw new Error('append was to have messages, found none');
    const isThere = entries.some(({ entry_id }) => entry_id === first.message_id);
    if (!isThere && entries.length >= MAX_WAITING)
      throw unavailableError(new Error(`at most ${MAX_WAITING} calls may wait in a session`));
    const { clock, limits } = this.#options;
    const entry: Entry = { kind: 'append', entry_id: first.message_id, accepted_at: clock(), operation };
    const held_by = await this.#accept(entry);
    const shown = isThere ? found.session : applyEntry(found.session, entry, limits);
    return {
      session_id,
      messages: messages.map(({ message_id }) => ({ message_id, seq: null })),
      durability: 'volatile',
      held_by,
      recovered: false,
      rolled_over: false,
      ...contextOf(shown, found.kind === 'known', context_limit),
    };
  }

  async history(operation: HistoryOperation): Promise<HistoryPage> {
    const { session_id, limit, before_seq, full } = operation;
    const { session, entries } = await this.#session(operation);
    const numbered = (session.record?.recent ?? []).filter(
      ({ seq }) => seq > 0 && (before_seq === null || seq < before_seq),
    );
    const page = newestHistoryPage(numbered, before_seq === null ? entries : [], { limit, full });
    if (page.messages.length === 0 && (session.record === null || before_seq !== null)) throw notKnown();
    return structuredClone({ session_id, ...page, complete: false });
  }

  async #accept(entry: Entry): Promise<string> {
    const { journal, events: log } = this.#options;
    try {
      const { held_by, isNew } = await journal.accept(entry);
      if (isNew) log.accepted();
      return held_by;
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      // Which of two contents the primary has, it alone can say: one may have landed that was answered as unclear.
      if (error.code === 'already-exists') throw unavailableError(error);
      log.rejected();
      throw error;
    }
  }

  async #find(wanted: AppendOperation | GetOperation): Promise<{ found: Found; entries: readonly Entry[] }> {
    const { cache, limits, clock } = this.#options;
    const { session, entries } = await this.#session(wanted);
    const { record } = session;
    const view: ReadView = {
      session: (id) => (id === wanted.session_id ? record : cache.get(wanted.owner, id)) ?? undefined,
      message: () => undefined,
      user: () => undefined,
    };
    const unknown: Found = { kind: 'unknown', session };
    const resolution = resolveSession(view, wanted, { now: clock(), limits, expiryShard: 0 });
    if (resolution.kind === 'refuse') {
      const isFinal = resolution.error.code === 'failed-precondition' && resolution.expired.length === 0;
      return { found: isFinal ? { kind: 'over', error: resolution.error } : unknown, entries };
    }
    if (resolution.kind === 'load' || resolution.changed.length > 0) return { found: unknown, entries };
    const { session: reached, recovered, rolled_over } = resolution;
    const known = reached === record ? session : projectSession(reached, entries, limits);
    const seen = { ...known, record: known.record ?? reached };
    return { found: { kind: 'known', session: seen, recovered, rolled_over }, entries };
  }

  /** A session past its expiry may have been touched elsewhere: then its record says nothing. */
  async #session(line: SessionKey): Promise<{ session: ProjectedSession; entries: readonly Entry[] }> {
    const { journal, cache, limits, clock } = this.#options;
    const entries = await journal.pending(line);
    const session = projectSession(cache.get(line.owner, line.session_id), entries, limits);
    const { record } = session;
    if (!record || expireIfDue(record, clock(), limits) === record) return { session, entries };
    const appended = entries.filter(({ kind }) => kind === 'append');
    return { session: projectSession(null, appended, limits), entries };
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

const notKnown = (): SessionError => unavailableError(new Error('only the primary knows this'));
