import type { OutboxStorage } from './storage.ts';

/** Marks the keys of what the reserve holds. */
const RESERVED = 'reserve:';

/**
 * `storage`, with another one for what it cannot keep (no room, private mode, blocked), so that none of its methods
 * fails. An item that a failing storage could not take out was not taken: it is offered again.
 *
 * @param onFailure - told the error when `storage` fails, and again when it fails after it worked
 */
export const withFallbackStorage = (
  storage: OutboxStorage,
  reserve: OutboxStorage,
  onFailure: (error: unknown) => void,
): OutboxStorage => {
  let failing = false;
  const failed = (error: unknown): void => {
    if (!failing) onFailure(error);
    failing = true;
  };
  const attempt = async <T>(action: () => Promise<T>, otherwise: () => T | Promise<T>): Promise<T> => {
    try {
      const result = await action();
      failing = false;
      return result;
    } catch (error) {
      failed(error);
      return otherwise();
    }
  };
  const inReserve = (key: string): string | null =>
    key.startsWith(RESERVED) ? key.slice(RESERVED.length) : null;
  return {
    list: async (user) => [
      ...(await attempt(
        () => storage.list(user),
        () => [],
      )),
      ...(await reserve.list(user)).map(({ key, value }) => ({ key: `${RESERVED}${key}`, value })),
    ],
    add: async (user, operation) => {
      const add = () => reserve.add(user, operation);
      // What is newer waits behind what is in the reserve already.
      if ((await reserve.list(user)).length > 0) await add();
      else await attempt(() => storage.add(user, operation), add);
    },
    update: async (user, key, operation) => {
      const reserved = inReserve(key);
      if (reserved !== null) await reserve.update(user, reserved, operation);
      else
        await attempt(
          () => storage.update(user, key, operation),
          () => {},
        );
    },
    remove: async (user, key) => {
      const reserved = inReserve(key);
      if (reserved !== null) return reserve.remove(user, reserved);
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
        failed(error);
        return reserve.withLock(user, run);
      }
    },
    onChange: (listener) => {
      storage.onChange(listener);
      reserve.onChange(listener);
    },
  };
};
