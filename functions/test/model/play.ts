import assert from 'node:assert/strict';
import type { Appended, AppendOperation } from '../../src/session/store.ts';
import type { SessionView } from '../../src/session/views.ts';
import { SOMEBODY } from '../support/actor.ts';
import type { StoreHarness } from '../support/store-harness.ts';
import { ModelStore } from './model-store.ts';
import { baseId, idOf, ownerOf, Sent } from './names.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Step } from './step.ts';

/** The counters of a session may be behind until the store has settled. */
const withoutCounters = (view: SessionView) => {
  const {
    message_count: _count,
    total_queries: _queries,
    feedback_positive: _positive,
    feedback_negative: _negative,
    avg_confidence: _confidence,
    ...rest
  } = view;
  return rest;
};

/** Plays steps against a store and the model at once, and fails where their answers differ. */
export class Play {
  readonly #harness: StoreHarness;
  readonly #model: ModelStore;
  readonly #sent = new Sent();
  /** What happened, in a word each: tells whether random steps get anywhere. */
  readonly seen = new Set<string>();

  constructor(harness: StoreHarness) {
    this.#harness = harness;
    this.#model = new ModelStore(harness.limits, harness.now);
  }

  async play(step: Step): Promise<void> {
    const { store } = this.#harness;
    const model = this.#model;
    switch (step.kind) {
      case 'create': {
        const { user, ...operation } = this.#named(step.owner, baseId(step.base));
        return this.#compare(
          () => model.create({ ...operation, user }),
          async () => {
            const { durability, ...created } = await store.create({
              ...operation,
              user,
            });
            return created;
          },
        );
      }
      case 'get': {
        const operation = {
          ...this.#named(step.owner, idOf(step.ref)),
          recover: step.recover,
        };
        return this.#compare(
          () => {
            const { session, ...how } = model.get(operation);
            return { session: withoutCounters(session), ...how };
          },
          async () => {
            const { session, durability, ...how } = await store.get(operation);
            return { session: withoutCounters(session), ...how };
          },
        );
      }
      case 'append': {
        const operation = {
          ...this.#named(step.owner, idOf(step.ref)),
          recover: step.recover,
          messages: this.#sent.messages(step.drafts),
          context_limit: step.context_limit,
        };
        this.#sent.remember(operation);
        return this.#append(operation);
      }
      case 'append again': {
        const operation = this.#sent.append(step.back);
        return operation && this.#append(operation);
      }
      case 'history': {
        const { limit, before_seq, full } = step;
        const { user: _user, ...named } = this.#named(step.owner, idOf(step.ref));
        const operation = { ...named, limit, before_seq, full };
        return this.#compare(
          () => model.history(operation),
          () => store.history(operation),
        );
      }
      case 'list':
        return this.#list(step);
      case 'end': {
        const operation = {
          owner: ownerOf(step.owner),
          session_id: idOf(step.ref),
        };
        return this.#compare(
          () => model.end(operation),
          () => store.end(operation),
        );
      }
      case 'escalate': {
        const operation = {
          owner: ownerOf(step.owner),
          session_id: idOf(step.ref),
          reason: step.reason,
        };
        return this.#compare(
          () => model.escalate(operation),
          () => store.escalate(operation),
        );
      }
      case 'feedback': {
        const message = this.#sent.message(step.back);
        if (!message) return;
        const { rating, comment } = step;
        const { message_id } = message;
        const named = {
          owner: ownerOf(step.owner),
          session_id: idOf(step.ref),
        };
        const operation = { ...named, message_id, rating, comment };
        return this.#compare(
          () => model.feedback(operation),
          () => store.feedback(operation),
        );
      }
      case 'advance':
        return this.#harness.advance(step.ms);
      case 'advance to expiry': {
        const expiry = model.expiryOf(idOf(step.ref)) ?? 0;
        return this.#harness.advance(Math.max(0, expiry + step.by - this.#harness.now()));
      }
      case 'settle':
        return this.settle();
    }
  }

  /** Compares everything there is: sessions with their counters, and histories page by page. */
  async settle(): Promise<void> {
    await this.#harness.settle();
    const messageIds = new Set<string>();
    for (const owner of [ownerOf(0), ownerOf(1)]) {
      const sessions = this.#model.list(owner);
      assert.deepEqual(await this.#allPages(owner, 2, null), sessions);
      for (const { session_id } of sessions) {
        const expected = this.#model.history({
          owner,
          session_id,
          limit: 1000,
          before_seq: null,
          full: true,
        });
        const found = await this.#wholeHistory(owner, session_id);
        assert.deepEqual(found, expected.messages);
        assert.deepEqual(
          found.map(({ seq }) => seq),
          found.map((_, index) => index + 1),
        );
        for (const { message_id } of found) {
          assert.equal(messageIds.has(message_id), false, `${message_id} is stored twice`);
          messageIds.add(message_id);
        }
      }
    }
  }

  async #append(operation: AppendOperation): Promise<void> {
    const expected = await outcomeOf(() => this.#model.append(operation));
    const found = await outcomeOf(() => this.#harness.store.append(operation));
    if (!('answer' in expected && 'answer' in found)) {
      this.#note(expected);
      return assert.deepEqual(found, expected);
    }
    const { repeated, ...answer } = expected.answer;
    const { durability, ...appended } = found.answer;
    this.#note(expected);
    if (repeated) this.seen.add('repeated');
    // How a message came to where it is stored is not kept: a repeated call is told that it is elsewhere, not why.
    const isElsewhere = ({ recovered, rolled_over, ...rest }: Omit<Appended, 'durability'>) => ({
      ...rest,
      elsewhere: recovered || rolled_over,
    });
    if (repeated) assert.deepEqual(isElsewhere(appended), isElsewhere(answer));
    else assert.deepEqual(appended, answer);
  }

  async #list({ owner, limit, status }: Extract<Step, { kind: 'list' }>): Promise<void> {
    const all = this.#model.list(ownerOf(owner)).map(withoutCounters);
    const found = await this.#allPages(ownerOf(owner), limit, status);
    assert.deepEqual(
      found.map(withoutCounters),
      all.filter((session) => status === null || session.status === status),
    );
  }

  async #allPages(
    owner: string,
    limit: number,
    status: SessionView['status'] | null,
  ): Promise<SessionView[]> {
    const sessions: SessionView[] = [];
    let cursor: string | null = null;
    do {
      const page = await this.#harness.store.list({
        owner,
        limit,
        cursor,
        status,
      });
      assert.ok(page.sessions.length <= limit);
      sessions.push(...page.sessions);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return sessions;
  }

  async #wholeHistory(owner: string, session_id: string) {
    const { history } = this.#harness.store;
    const pages: Awaited<ReturnType<typeof history>>['messages'][] = [];
    let before_seq: number | null = null;
    do {
      const page = await this.#harness.store.history({
        owner,
        session_id,
        limit: 3,
        before_seq,
        full: true,
      });
      pages.unshift(page.messages);
      before_seq = page.next_before_seq;
    } while (before_seq !== null);
    return pages.flat();
  }

  async #compare<Answer>(expect: () => Answer, find: () => Promise<Answer>): Promise<void> {
    const expected = await outcomeOf(expect);
    const found = await outcomeOf(find);
    this.#note(expected);
    assert.deepEqual(found, expected);
  }

  #named(owner: number, session_id: string) {
    return { owner: ownerOf(owner), user: SOMEBODY, session_id };
  }

  #note(outcome: Outcome<unknown>): void {
    if ('refused' in outcome) {
      const { code, details } = outcome.refused;
      this.seen.add('reason' in details ? String(details.reason) : code);
      return;
    }
    const answer = { ...Object(outcome.answer) };
    if (answer.recovered) this.seen.add('recovered');
    if (answer.rolled_over) this.seen.add('rolled over');
  }
}
