import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { isAway, unavailableError } from 'kb-sessions-contract/errors';
import type {
  AppendOperation,
  CreateOperation,
  EndOperation,
  EscalateOperation,
  FeedbackOperation,
  GetOperation,
  HistoryOperation,
  ListOperation,
  SessionStore,
} from '../session-store.ts';

export type BreakerState = 'closed' | 'open' | 'probing';

type Answer<Result> = { result: Result } | { refusal: unknown };

export type CircuitBreakerOptions = {
  /** So many operations in a row that find the store unavailable open the breaker. */
  failures: number;
  /** Then every operation is refused for so long, in milliseconds, before one is let through to try. */
  probeAfterMs: number;
  onChange(state: BreakerState): void;
};

/**
 * A store behind a circuit breaker: while the store is away its operations fail at once with `unavailable`, instead of
 * each waiting for a deadline, and one at a time finds out whether it is back. Only `unavailable` counts as away; any
 * other failure is an answer, and shows that the store is there.
 */
export class CircuitBreakerStore implements SessionStore {
  readonly #store: SessionStore;
  readonly #breaker: CircuitBreakerPolicy;

  constructor(store: SessionStore, { failures, probeAfterMs, onChange }: CircuitBreakerOptions) {
    this.#store = store;
    this.#breaker = circuitBreaker(handleWhen(isAway), {
      halfOpenAfter: probeAfterMs,
      breaker: new ConsecutiveBreaker(failures),
    });
    this.#breaker.onStateChange(() => onChange(this.state));
  }

  get durability() {
    return this.#store.durability;
  }

  get state(): BreakerState {
    if (this.#breaker.state === CircuitState.Closed) return 'closed';
    return this.#breaker.state === CircuitState.HalfOpen ? 'probing' : 'open';
  }

  create(operation: CreateOperation) {
    return this.#guard(() => this.#store.create(operation));
  }

  get(operation: GetOperation) {
    return this.#guard(() => this.#store.get(operation));
  }

  append(operation: AppendOperation) {
    return this.#guard(() => this.#store.append(operation));
  }

  history(operation: HistoryOperation) {
    return this.#guard(() => this.#store.history(operation));
  }

  list(operation: ListOperation) {
    return this.#guard(() => this.#store.list(operation));
  }

  end(operation: EndOperation) {
    return this.#guard(() => this.#store.end(operation));
  }

  feedback(operation: FeedbackOperation) {
    return this.#guard(() => this.#store.feedback(operation));
  }

  escalate(operation: EscalateOperation) {
    return this.#guard(() => this.#store.escalate(operation));
  }

  async #guard<Result>(work: () => Promise<Result>): Promise<Result> {
    // The library would let those that come during a probe wait for it.
    if (this.state === 'probing') throw unavailableError('a probe is under way');
    let answer: Answer<Result>;
    try {
      answer = await this.#breaker.execute(() => answerOf(work));
    } catch (error) {
      throw isAway(error) ? error : unavailableError(error);
    }
    if ('refusal' in answer) throw answer.refusal;
    return answer.result;
  }
}

const answerOf = async <Result>(work: () => Promise<Result>): Promise<Answer<Result>> => {
  try {
    return { result: await work() };
  } catch (refusal) {
    if (isAway(refusal)) throw refusal;
    return { refusal };
  }
};
