import { defineBoolean, defineInt, defineString } from 'firebase-functions/params';

type Definition<Value> = {
  /** The name of the environment variable, as in `functions/.env`. */
  name: string;
  /** The value in `functions/.env`. */
  default: Value;
  /** One line for the person who deploys. */
  description: string;
};

type IntDefinition = Definition<number> & {
  /** The lowest and the highest value that {@link intParam} accepts. */
  min: number;
  max: number;
  /** What the number counts, as in `seconds`. */
  unit: string;
};

/**
 * An integer that a deployment sets.
 * @returns the definition, and `read`, which throws an Error that names the param and its bounds unless the environment
 *   holds an integer within them
 */
export const intParam = (definition: IntDefinition) => {
  const { name, min, max, unit, description } = definition;
  defineInt(name, {
    default: definition.default,
    description: `${description} (${min} to ${max} ${unit})`,
  });
  return {
    kind: 'integer' as const,
    ...definition,
    read: (): number => {
      // The framework's own value is 20 for "20.5", and 0 for a missing param.
      const text = process.env[name] ?? '';
      const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return value;
      throw new Error(`${name} must be a whole number from ${min} to ${max}, found ${text || 'nothing'}`);
    },
  };
};

/** A flag, off by default. `read` throws an Error that names the param unless it is `true` or `false`. */
export const booleanParam = (definition: Omit<Definition<false>, 'default'>) => {
  const { name, description } = definition;
  return {
    kind: 'boolean' as const,
    default: false,
    ...definition,
    param: defineBoolean(name, { default: false, description }),
    read: (): boolean => {
      const value = process.env[name];
      if (value === 'true' || value === 'false') return value === 'true';
      throw new Error(`${name} must be true or false, found ${value}`);
    },
  };
};

/** Text that `parse` reads. It is empty when the param has no value, as while a deployment loads the code. */
const parsedParam = <Value>(definition: Definition<string>, parse: (text: string) => Value) => ({
  kind: 'string' as const,
  ...definition,
  param: defineString(definition.name, {
    default: definition.default,
    description: definition.description,
  }),
  read: (): Value => parse(process.env[definition.name] ?? ''),
});

/** Text. `read` throws an Error that names the param when it is empty. */
export const stringParam = (definition: Definition<string>) =>
  parsedParam(definition, (text) => {
    if (text !== '') return text;
    throw new Error(`${definition.name} must not be empty`);
  });

/** Text that may be missing: `read` returns null then. */
export const optionalStringParam = (definition: Omit<Definition<string>, 'default'>) =>
  parsedParam({ ...definition, default: '' }, (text) => text || null);

/**
 * An origin in the form in which browsers send it: in lower case and without a path. Apps in a web view have schemes
 * other than http.
 */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/(\[[\da-f:]+\]|[a-z\d._-]+)(:\d+)?$/;

/** Origins, separated by commas. `read` throws an Error that names the first invalid one. */
export const originListParam = (definition: Definition<string>) =>
  parsedParam(definition, (text) => {
    const items = text.split(',').flatMap((item) => item.trim() || []);
    const invalid = items.find((item) => item !== '*' && !ORIGIN.test(item));
    if (invalid === undefined) return items;
    throw new Error(
      `${definition.name} must be * or origins like https://chat.example.com, found ${invalid}`,
    );
  });

/** The URL of a Redis server, or null. `read` throws an Error without the value, which may hold a password. */
export const redisUrlParam = (definition: Omit<Definition<string>, 'default'>) =>
  parsedParam({ ...definition, default: '' }, (text) => {
    if (text !== '' && !/^rediss?:\/\/./.test(text))
      throw new Error(`${definition.name} must begin with redis:// or rediss://`);
    return text || null;
  });
