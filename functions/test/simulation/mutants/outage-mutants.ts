import type { Entry, SessionKey } from 'kb-sessions/internal/journal/journal';
import { newSession } from 'kb-sessions/internal/lifecycle';
import { sessionNotFoundError } from 'kb-sessions/internal/session-errors';
import { successorId } from 'kb-sessions/internal/successor-id';
import { SMALL_LIMITS } from 'kb-sessions/internal/testing/small-limits';
import { SessionError } from 'kb-sessions-contract/errors';
import { toSessionView } from 'kb-sessions-contract/views';
import { v4 } from 'uuid';
import type { Mutant } from './mutant.ts';
import { mutateJournal, mutatePrimary, mutateStorage, mutateStore } from './mutate-parts.ts';

const isOfCode = (error: unknown, code: string): boolean =>
  error instanceof SessionError && error.code === code;

/** Mistakes in what goes on while Firestore is away, and afterwards. */
export const OUTAGE_MUTANTS: Record<string, Mutant> = {
  'a replayed message gets a new id': {
    variant: mutatePrimary((store) => ({
      append: async (operation) => {
        if (!operation.replay) return store.append(operation);
        const messages = operation.messages.map((message) => ({ ...message, message_id: v4() }));
        const appended = await store.append({ ...operation, messages });
        return {
          ...appended,
          messages: appended.messages.map(({ seq }, index) => ({
            seq,
            message_id: operation.messages[index]?.message_id ?? '',
          })),
        };
      },
    })),
    shows: /is stored twice|was not accepted/,
    run: 2,
  },
  'a caller who finds no session may append to the session of another user': {
    variant: mutatePrimary((store) => ({
      append: async (operation) => {
        try {
          return await store.append(operation);
        } catch (error) {
          if (!isOfCode(error, 'not-found')) throw error;
          return store.append({ ...operation, owner: operation.owner === 'ann' ? 'bob' : 'ann' });
        }
      },
    })),
    shows: /is stored for another/,
    run: 2,
  },
  'the cache answers although Firestore is available': {
    variant: mutateStore((store, cache) => ({
      get: async (operation) => {
        const seen = cache.get(operation.owner, operation.session_id);
        if (!seen) return store.get(operation);
        const session = toSessionView(seen);
        return { session, recovered: false, rolled_over: false, durability: 'durable', metadata: null };
      },
    })),
    shows: /open after it was over/,
    run: 1,
  },
  'a full journal drops its oldest entry': {
    variant: mutateJournal((journal) => ({
      accept: async (entry) => {
        try {
          return await journal.accept(entry);
        } catch (error) {
          const [line] = await journal.pendingSessions(1);
          const oldest = line && (await journal.next(line));
          if (!isOfCode(error, 'unavailable') || !oldest) throw error;
          await journal.remove(line, oldest.entry_id);
          return journal.accept(entry);
        }
      },
    })),
    shows: /was lost by a journal|accepted .* holds/,
    run: 4,
  },
  'a failed replay is taken for done': {
    variant: mutatePrimary((store) => ({
      append: async (operation) => {
        try {
          return await store.append(operation);
        } catch (error) {
          if (!operation.replay || !isOfCode(error, 'unavailable')) throw error;
          const messages = operation.messages.map(({ message_id }) => ({ message_id, seq: 1 }));
          const { session_id } = operation;
          const how = { recovered: false, rolled_over: false, context: null, context_complete: null };
          return { session_id, messages, durability: 'durable', held_by: null, ...how };
        }
      },
    })),
    shows: /is not (there|stored)/,
    run: 4,
  },
  'the newest entry is replayed first': {
    variant: mutateJournal((journal) => {
      const toFront = async (line: SessionKey, entry_id: string): Promise<void> => {
        const entries = await journal.pending(line);
        for (const entry of entries) await journal.remove(line, entry.entry_id);
        const isFirst = (entry: Entry) => entry.entry_id === entry_id;
        for (const entry of entries.filter(isFirst)) await journal.accept(entry);
        for (const entry of entries) if (!isFirst(entry)) await journal.accept(entry);
      };
      return {
        next: async (line) => (await journal.pending(line)).at(-1) ?? null,
        remove: async (line, entry_id) => {
          await toFront(line, entry_id);
          return journal.remove(line, entry_id);
        },
        refuse: async (line, entry_id, reason) => {
          await toFront(line, entry_id);
          return journal.refuse(line, entry_id, reason);
        },
      };
    }),
    shows: /was sent after .* and is before it/,
    run: 197,
  },
  'a successor is created during an outage': {
    variant: mutateStore((store) => ({
      get: async (operation) => {
        try {
          return await store.get(operation);
        } catch (error) {
          if (!operation.recover || !isOfCode(error, 'unavailable')) throw error;
          const session_id = successorId(operation.owner, operation.session_id);
          const opening = { ...operation, session_id, now: Date.now(), limits: SMALL_LIMITS, expiryShard: 0 };
          const session = toSessionView(newSession(opening));
          return { session, recovered: true, rolled_over: false, durability: 'volatile', metadata: null };
        }
      },
    })),
    shows: /getSession invented/,
    run: 7,
  },
  'a history that cannot be read is answered as not found': {
    variant: mutateStore((store) => ({
      history: async (operation) => {
        try {
          return await store.history(operation);
        } catch (error) {
          throw isOfCode(error, 'unavailable') ? sessionNotFoundError() : error;
        }
      },
    })),
    shows: /not found without asking/,
    run: 10,
  },
  'a client does not keep its operations': {
    variant: mutateStorage(() => ({ add: async () => {} })),
    shows: /nobody was told/,
    run: 2,
  },
};
