import { createHmac, createSecretKey, randomBytes } from 'node:crypto';

const DIGITS = 16;

/**
 * Returns a function that hashes ids for the log. The same id has the same hash, and the salt is needed to verify a
 * guess.
 * @param salt a secret of the deployment; null for a random one, so that the hashes of two instances differ
 */
export const createIdHasher = (salt: string | null): ((id: string) => string) => {
  const key = createSecretKey(salt === null ? randomBytes(32) : Buffer.from(salt));
  return (id) => createHmac('sha256', key).update(id).digest('hex').slice(0, DIGITS);
};
