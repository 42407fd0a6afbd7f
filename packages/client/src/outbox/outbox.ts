import type { CallInput, CallOutput } from 'kb-sessions-contract';
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
  /** The uid of who is signed in, whose queue is used; null (the default): nobody, and nothing is kept. */
  user?: () => string | null | Promise<string | null>;
  /** Where what is `volatile` is kept; in memory by default. */
  storage?: OutboxStorage;
  /** Told how many operations the signed-in user has pending, whenever that changes, in other tabs too. */
  onPending?: (count: number) => void;
  /** Told once what became of each operation that had been acknowledged `volatile`. */
  onSettled?: (settled: Settlement) => void;
  /** Told when `storage` begins to fail; what it cannot keep is kept in memory. On the console by default. */
  onStorageFailure?: (error: unknown) => void;
  /** Milliseconds, for the times of pending messages. */
  clock?: () => number;
};

export type Outbox = ReturnType<typeof createOutbox>;

/** What was acknowledged `volatile`, kept and offered again before anything newer. */
export const createOutbox = (send: SendCall, options: OutboxOptions) => {
  const { user = () => null, clock = Date.now, onPending, onStorageFailure } = options;
  const onSettled = isolated(options.onSettled);
  const storage = withFallbackStorage(
    options.storage ?? memoryStorage(),
    memoryStorage(),
    isolated(onStorageFailure ?? console.error),
  );
  const current = async () => user();
  const offerAgain = createFlush({ storage, send, user: current, onSettled });

  const assertSignedIn = async (caller: string): Promise<void> => {
    if ((await current()) !== caller)
      throw new SessionsError('cancelled', 'the user has changed before the call was sent');
  };

  /**
   * Runs a call after what is pending has been offered, with what is left of that. A call that uses a session fails
   * where something older of that session could not be offered: it would be stored first.
   */
  const inTurn = async <T>(
    session_id: string | null,
    run: (left: readonly PendingOperation[], user: string | null) => Promise<T>,
  ): Promise<T> => {
    const caller = await current();
    if (caller === null) return run([], null);
    const { pending: left, blockedBy: heldUpBy } = await offerAgain(caller);
    await assertSignedIn(caller);
    const error = session_id === null ? null : heldUpBy(session_id);
    if (error !== null) throw error;
    return run(left, caller);
  };

  const pending = async (): Promise<number> => {
    const caller = await current();
    return caller === null ? 0 : (await storage.list(caller)).length;
  };

  if (onPending) {
    let changes = 0;
    const tell = isolated(onPending);
    storage.onChange(async () => {
      const change = ++changes;
      const count = await pending();
      // Counts of several changes may come in any order: only that of the newest is true.
      if (change === changes) tell(count);
    });
  }

  return {
    inTurn,

    /** Keeps the call where it is answered `volatile`, before it is answered. */
    write: async <N extends OutboxCallName>(
      name: N,
      given: OutboxInputs[N] & CallInput<N>,
    ): Promise<CallOutput<N>> => {
      toJson(given); // Refuses what cannot be sent, and so not be kept.
      const input = structuredClone(given);
      const session_id = name === 'createSession' ? null : (input.session_id ?? null);
      return inTurn(session_id, async (left, caller) => {
        if (isOutboxFull(left))
          throw new SessionsError('resource-exhausted', 'too much is pending that is not durable yet');
        const answer = await send(name, input);
        if (caller !== null && answer.durability === 'volatile')
          await storage.add(caller, createPendingOperation({ name, input }, answer, clock()));
        return answer;
      });
    },

    /** Runs the call that erases the signed-in user, and then takes out what is kept: the server would refuse all of it. */
    erase: async <T>(run: () => Promise<T>): Promise<T> => {
      const caller = await current();
      const answer = await run();
      if (caller !== null)
        await storage.withLock(caller, async () => {
          for (const { key, value } of await storage.list(caller))
            if (await storage.remove(caller, key)) onSettled(erasedSettlement(value));
        });
      return answer;
    },

    /** How many operations of the signed-in user are pending. */
    pending,

    /** Offers them now. Resolves to how many are left. */
    flush: (): Promise<number> => inTurn(null, async (left) => left.length),
  };
};

/** The application's own function, called on its own: what it throws is reported as uncaught and breaks nothing here. */
const isolated =
  <T>(tell: ((value: T) => void) | undefined) =>
  (value: T): void => {
    if (tell) queueMicrotask(() => tell(value));
  };
