import type { OutboxStorage } from './storage.ts';

/** The prefix of the keys of items in the fallback. */
const FALLBACK_PREFIX = 'fallback:';

/**
 * Wraps `storage` so that none of its methods rejects. `fallback` stores the operations that `storage` rejects (no space,
 * private mode, blocked). An item that `storage` fails to remove is not removed, and is offered again.
 *
 * @param onFailure - receives the error when `storage` begins to fail, and again when it fails after a success
 */
export const withFallbackStorage = (
  storage: OutboxStorage,
  fallback: OutboxStorage,
  onFailure: (error: unknown) => void,
): OutboxStorage => {
  let failing = false;
  const reportFailure = (error: unknown): void => {
    if (!failing) onFailure(error);
    failing = true;
  };
  const attempt = async <T>(action: () => Promise<T>, onError: () => T | Promise<T>): Promise<T> => {
    try {
      const result = await action();
      failing = false;
      return result;
    } catch (error) {
      reportFailure(error);
      return onError();
    }
  };
  const fallbackKey = (key: string): string | null =>
    key.startsWith(FALLBACK_PREFIX) ? key.slice(FALLBACK_PREFIX.length) : null;
  return {
    list: async (user) => [
      ...(await attempt(
        () => storage.list(user),
        () => [],
      )),
      ...(await fallback.list(user)).map(({ key, value }) => ({ key: `${FALLBACK_PREFIX}${key}`, value })),
    ],
    add: async (user, operation) => {
      const add = () => fallback.add(user, operation);
      // Order: newer operations follow those that the fallback holds.
      if ((await fallback.list(user)).length > 0) await add();
      else await attempt(() => storage.add(user, operation), add);
    },
    update: async (user, key, operation) => {
      const keyInFallback = fallbackKey(key);
      if (keyInFallback !== null) await fallback.update(user, keyInFallback, operation);
      else
        await attempt(
          () => storage.update(user, key, operation),
          () => {},
        );
    },
    remove: async (user, key) => {
      const keyInFallback = fallbackKey(key);
      if (keyInFallback !== null) return fallback.remove(user, keyInFallback);
      return attempt(
        () => storage.remove(user, key),
        () => false,
      );
    },
    withLock: async (user, run) => {
      let began = false;
      try {
        return await storage.withLock(user, () => {
          began = true;
          return run();
        });
      } catch (error) {
        if (began) throw error;
        reportFailure(error);
        return fallback.withLock(user, run);
      }
    },
    onChange: (listener) => {
      storage.onChange(listener);
      fallback.onChange(listener);
    },
  };
};
