import { record, whole } from './parse-field.ts';

/**
 * Reads `{ ms }` from JSON.
 * @throws TypeError that says what must be there, and what is
 */
export const parseDelay = (value: unknown): number => whole('ms', record('a delay', value, ['ms']).ms, 0);
