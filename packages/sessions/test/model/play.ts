import assert from 'node:assert/strict';
import type { SessionView } from 'kb-sessions-contract/views';
import type { AppendOperation, AppendResult, WithoutAck } from '../../src/session-store.ts';
import { SOMEBODY } from '../../src/testing/actor.ts';
import type { StoreHarness } from '../../src/testing/store-harness.ts';
import { ModelStore } from './model-store.ts';
import { baseId, idOf, ownerOf, Sent } from './names.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { listAll, readHistory } from './read-all.ts';
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

/** How a message came to where it is stored is not kept: a repeated call is told that it is elsewhere, not why. */
const withoutWhy = ({ recovered, rolled_over, ...answer }: WithoutAck<AppendResult>) => ({
  ...answer,
  isElsewhere: recovered || rolled_over,
});

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
    const { store, now, advance } = this.#harness;
    const model = this.#model;
    switch (step.kind) {
      case 'create': {
        const operation = { ...named(step.owner, baseId(step.base)), user: SOMEBODY, replay: false };
        return this.#compare(
          () => model.create(operation),
          async () => {
            const { durability, held_by, ...created } = await store.create(operation);
            return created;
          },
        );
      }
      case 'get': {
        const { recover } = step;
        const operation = { ...named(step.owner, idOf(step.ref)), user: SOMEBODY, recover };
        return this.#compare(
          () => {
            const { session, ...how } = model.get(operation);
            return { session: withoutCounters(session), ...how };
          },
          async () => {
            const { session, durability, metadata, ...how } = await store.get(operation);
            return { session: withoutCounters(session), ...how };
          },
        );
      }
      case 'append': {
        const { recover, context_limit } = step;
        const messages = this.#sent.messages(step.drafts);
        const session = { ...named(step.owner, idOf(step.ref)), user: SOMEBODY, recover };
        const operation = { ...session, messages, context_limit, replay: false };
        this.#sent.remember(operation);
        return this.#append(operation);
      }
      case 'append again': {
        const operation = this.#sent.append(step.back);
        return operation && this.#append(operation);
      }
      case 'history': {
        const { limit, before_seq, full } = step;
        const operation = { ...named(step.owner, idOf(step.ref)), limit, before_seq, full };
        return this.#compare(
          () => model.history(operation),
          () => store.history(operation),
        );
      }
      case 'list': {
        const { limit, status } = step;
        const owner = ownerOf(step.owner);
        const expected = model.list(owner).filter((view) => status === null || view.status === status);
        const found = await listAll(store, { owner, limit, status });
        return assert.deepEqual(found.map(withoutCounters), expected.map(withoutCounters));
      }
      case 'end': {
        const operation = named(step.owner, idOf(step.ref));
        return this.#compare(
          () => model.end(operation),
          () => store.end(operation),
        );
      }
      case 'escalate': {
        const operation = { ...named(step.owner, idOf(step.ref)), reason: step.reason };
        return this.#compare(
          () => model.escalate(operation),
          () => store.escalate(operation),
        );
      }
      case 'feedback': {
        const message_id = this.#sent.message(step.back)?.message_id;
        if (message_id === undefined) return;
        const { rating, comment } = step;
        const operation = { ...named(step.owner, idOf(step.ref)), message_id, rating, comment };
        return this.#compare(
          () => model.feedback(operation),
          () => store.feedback(operation),
        );
      }
      case 'advance':
        return advance(step.ms);
      case 'advance to expiry':
        return advance(Math.max(0, (model.expiryOf(idOf(step.ref)) ?? 0) + step.by - now()));
      case 'settle':
        return this.settle();
    }
  }

  /** Compares everything there is: sessions with their counters, and histories page by page. */
  async settle(): Promise<void> {
    const { store, settle } = this.#harness;
    await settle();
    const messageIds: string[] = [];
    for (const owner of [ownerOf(0), ownerOf(1)]) {
      const sessions = this.#model.list(owner);
      assert.deepEqual(await listAll(store, { owner, limit: 2, status: null }), sessions);
      for (const { session_id, message_seq } of sessions) {
        const whole = { owner, session_id, limit: message_seq, before_seq: null, full: true };
        const expected = this.#model.history(whole).messages;
        const found = await readHistory(store, { owner, session_id, limit: 3 });
        assert.deepEqual(found, expected);
        assert.deepEqual(
          found.map(({ seq }) => seq),
          found.map((_, index) => index + 1),
        );
        messageIds.push(...found.map(({ message_id }) => message_id));
      }
    }
    assert.equal(new Set(messageIds).size, messageIds.length, 'a message is stored twice');
  }

  async #append(operation: AppendOperation): Promise<void> {
    const expected = await outcomeOf(() => this.#model.append(operation));
    const found = await outcomeOf(() => this.#harness.store.append(operation));
    this.#note(expected);
    if (!('answer' in expected && 'answer' in found)) return assert.deepEqual(found, expected);
    const { repeated, ...answer } = expected.answer;
    const { durability, held_by, ...appended } = found.answer;
    if (!repeated) return assert.deepEqual(appended, answer);
    this.seen.add('repeated');
    assert.deepEqual(withoutWhy(appended), withoutWhy(answer));
  }

  async #compare<Answer>(expect: () => Answer, find: () => Promise<Answer>): Promise<void> {
    const expected = await outcomeOf(expect);
    const found = await outcomeOf(find);
    this.#note(expected);
    assert.deepEqual(found, expected);
  }

  #note(outcome: Outcome<unknown>): void {
    if ('refused' in outcome) {
      const { code, details } = outcome.refused;
      this.seen.add('reason' in details ? String(details.reason) : code);
      return;
    }
    const { recovered, rolled_over } = { ...Object(outcome.answer) };
    if (recovered) this.seen.add('recovered');
    if (rolled_over) this.seen.add('rolled over');
  }
}

const named = (owner: number, session_id: string) => ({ owner: ownerOf(owner), session_id });
