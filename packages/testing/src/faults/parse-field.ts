/** What a timer can wait, in milliseconds; a longer time would end at once. */
const MOST = 2 ** 31 - 1;

type Fields = Record<string, unknown>;

/** @throws TypeError unless the value is an object with none but these fields */
export const record = (name: string, value: unknown, allowed: readonly string[]): Fields => {
  if (!isRecord(value)) throw wrong(name, 'an object', value);
  const unknown = Object.keys(value).find((key) => !allowed.includes(key));
  if (unknown !== undefined) throw wrong(name, `an object of ${allowed.join(', ')} only`, value);
  return value;
};

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text = (name: string, value: unknown): string => {
  if (typeof value === 'string') return value;
  throw wrong(name, 'a text', value);
};

export const whole = (name: string, value: unknown, least: number): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= MOST) return value;
  throw wrong(name, `a whole number from ${least} to ${MOST}`, value);
};

/** What is to be thrown about a value: what is required, and what was found. */
export const wrong = (name: string, required: string, found: unknown): TypeError =>
  new TypeError(`${name} must be ${required}, got ${JSON.stringify(found)}`);
