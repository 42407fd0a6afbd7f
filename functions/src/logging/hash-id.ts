import { createHmac, createSecretKey, randomBytes } from 'node:crypto';

const DIGITS = 16;

/**
 * Makes of an id what a log may hold: the same for the same id, and of no use without the salt. Without a `salt` it has
 * one of its own, so the hashes of two instances differ.
 */
export const createIdHasher = (salt: string | null): ((id: string) => string) => {
  const key = createSecretKey(salt === null ? randomBytes(32) : Buffer.from(salt));
  return (id) => createHmac('sha256', key).update(id).digest('hex').slice(0, DIGITS);
};
