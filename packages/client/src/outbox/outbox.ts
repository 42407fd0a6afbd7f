import type { CallInput, CallOutput } from '../contract-types.ts';
import type { SendCall } from '../follow-successors.ts';
import { SessionsError } from '../sessions-error.ts';
import { toJson } from '../to-json.ts';
import { withFallbackStorage } from './fallback-storage.ts';
import { createFlush } from './flush.ts';
import { erasedSettlement } from './flush-policy.ts';
import { memoryStorage } from './memory-storage.ts';
import {
  createPendingOperation,
  isOutboxFull,
  type OutboxCallName,
  type OutboxInputs,
  type PendingOperation,
} from './pending-operation.ts';
import type { Settlement } from './settlement.ts';
import type { OutboxStorage } from './storage.ts';

export type OutboxOptions = {
  /** Returns the uid of the signed-in user, whose outbox is used. The default is null: no user and no outbox. */
  user?: () => string | null | Promise<string | null>;
  /** Holds the pending operations. The default is memory. */
  storage?: OutboxStorage;
  /** Receives the number of pending operations of the signed-in user whenever it changes, in other tabs too. */
  onPending?: (count: number) => void;
  /** Receives the settlement of each pending operation, once. */
  onSettled?: (settlement: Settlement) => void;
  /**
   * Receives the error when `storage` begins to fail. Memory holds new operations then. By default the error is written to
   * the console.
   */
  onStorageFailure?: (error: unknown) => void;
  /** Returns the time of pending messages, in milliseconds since 1970. */
  clock?: () => number;
};

export type Outbox = ReturnType<typeof createOutbox>;

/**
 * Creates the outbox of a client: it stores operations that are acknowledged as `volatile`, and offers them again before
 * any newer call of the same user.
 */
export const createOutbox = (send: SendCall, options: OutboxOptions) => {
  const { user = () => null, clock = Date.now, onPending, onStorageFailure } = options;
  const onSettled = isolateListener(options.onSettled);
  const storage = withFallbackStorage(
    options.storage ?? memoryStorage(),
    memoryStorage(),
    isolateListener(onStorageFailure ?? console.error),
  );
  const currentUser = async () => user();
  const flushUser = createFlush({ storage, send, currentUser, onSettled });

  const assertSignedIn = async (caller: string): Promise<void> => {
    if ((await currentUser()) !== caller)
      throw new SessionsError('cancelled', 'the user has changed before the call was sent');
  };

  /**
   * Flushes the outbox, then runs a call with the operations that are still pending. A call of a session fails if an older
   * operation of that session could not be offered, because the call would be stored first.
   */
  const afterFlush = async <T>(
    session_id: string | null,
    run: (pending: readonly PendingOperation[], user: string | null) => Promise<T>,
  ): Promise<T> => {
    const caller = await currentUser();
    if (caller === null) return run([], null);
    const { pending, blockedBy } = await flushUser(caller);
    await assertSignedIn(caller);
    const error = session_id === null ? null : blockedBy(session_id);
    if (error !== null) throw error;
    return run(pending, caller);
  };

  const countPending = async (): Promise<number> => {
    const caller = await currentUser();
    return caller === null ? 0 : (await storage.list(caller)).length;
  };

  if (onPending) {
    let changes = 0;
    const report = isolateListener(onPending);
    storage.onChange(async () => {
      const change = ++changes;
      const count = await countPending();
      // Several counts may arrive in any order. Only the count of the newest change is current.
      if (change === changes) report(count);
    });
  }

  return {
    afterFlush,

    /** Sends a write. If it is acknowledged as `volatile`, it is stored before the acknowledgement is returned. */
    sendWrite: async <N extends OutboxCallName>(
      name: N,
      givenInput: OutboxInputs[N] & CallInput<N>,
    ): Promise<CallOutput<N>> => {
      toJson(givenInput); // Rejects an input that can be neither sent nor stored.
      const input = structuredClone(givenInput);
      const session_id = name === 'createSession' ? null : (input.session_id ?? null);
      return afterFlush(session_id, async (pending, caller) => {
        if (isOutboxFull(pending)) throw new SessionsError('resource-exhausted', 'the outbox is full');
        const answer = await send(name, input);
        if (caller !== null && answer.durability === 'volatile')
          await storage.add(caller, createPendingOperation({ name, input }, answer, clock()));
        return answer;
      });
    },

    /** Runs the call that erases the signed-in user, then clears the user's outbox: the server would refuse all of it. */
    sendErasure: async <T>(run: () => Promise<T>): Promise<T> => {
      const caller = await currentUser();
      const answer = await run();
      if (caller !== null)
        await storage.withLock(caller, async () => {
          for (const { key, value } of await storage.list(caller))
            if (await storage.remove(caller, key)) onSettled(erasedSettlement(value));
        });
      return answer;
    },

    /** Returns the number of pending operations of the signed-in user, without a request. */
    pending: countPending,

    /** Offers the pending operations of the signed-in user now. Returns how many are still pending. */
    flush: (): Promise<number> => afterFlush(null, async (pending) => pending.length),
  };
};

/** Calls a listener of the application in a microtask: its errors are reported as uncaught and do not reach the client. */
const isolateListener =
  <T>(listener: ((value: T) => void) | undefined) =>
  (value: T): void => {
    if (listener) queueMicrotask(() => listener(value));
  };
