import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { isUnavailable, unavailableError } from '../session-errors.ts';
import { decorateStore, type SessionStore } from '../session-store.ts';

/** `open`: operations fail at once. `probing`: one operation tests whether the store has recovered. */
export type BreakerState = 'closed' | 'open' | 'probing';

/** A {@link SessionStore} with a circuit breaker in front of it, and the state of that. */
export type CircuitBreakerStore = SessionStore & { readonly state: BreakerState };

/** The options of {@link withCircuitBreaker}. */
export type CircuitBreakerOptions = {
  /** Consecutive `unavailable` failures that open the breaker, at least 1. */
  failures: number;
  /** How long an open breaker refuses every operation before it lets one probe through, in milliseconds. */
  probeAfterMs: number;
  /** Reports each change of the state. */
  onChange(state: BreakerState): void;
};

type Outcome<Result> = { result: Result } | { error: unknown };

/**
 * Puts a circuit breaker in front of a store. While the store is unavailable, its operations fail at once with
 * `unavailable`, instead of each waiting for a deadline, and one probe at a time tests whether it has recovered. Only
 * `unavailable` opens the breaker: any other failure is an answer and shows that the store is available.
 *
 * @example
 * ```ts
 * import { type CircuitBreakerStore, withCircuitBreaker } from 'kb-sessions';
 * import { type FirestoreContext, FirestoreStore } from 'kb-sessions/firestore';
 *
 * export const createPrimary = (context: FirestoreContext): CircuitBreakerStore =>
 *   withCircuitBreaker(new FirestoreStore(context), {
 *     failures: 3,
 *     probeAfterMs: 5000,
 *     onChange: (state) => console.log('the circuit breaker is', state),
 *   });
 * ```
 */
export const withCircuitBreaker = (
  store: SessionStore,
  { failures, probeAfterMs, onChange }: CircuitBreakerOptions,
): CircuitBreakerStore => {
  const breaker = circuitBreaker(handleWhen(isUnavailable), {
    halfOpenAfter: probeAfterMs,
    breaker: new ConsecutiveBreaker(failures),
  });
  breaker.onStateChange(() => onChange(stateOf(breaker)));
  const protect = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    // cockatiel would make operations during a probe wait for it.
    if (stateOf(breaker) === 'probing') throw unavailableError('a probe is running');
    let outcome: Outcome<Result>;
    try {
      outcome = await breaker.execute(() => outcomeOf(work));
    } catch (error) {
      throw isUnavailable(error) ? error : unavailableError(error);
    }
    if ('error' in outcome) throw outcome.error;
    return outcome.result;
  };
  return Object.defineProperty(decorateStore(store, protect), 'state', {
    get: () => stateOf(breaker),
  }) as CircuitBreakerStore;
};

const stateOf = ({ state }: CircuitBreakerPolicy): BreakerState => {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'probing' : 'open';
};

/** Hides from the breaker every failure that is an answer of the store. */
const outcomeOf = async <Result>(work: () => Promise<Result>): Promise<Outcome<Result>> => {
  try {
    return { result: await work() };
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return { error };
  }
};
