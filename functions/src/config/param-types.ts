import { defineBoolean, defineInt, defineString } from 'firebase-functions/params';

type IntDefinition = { default: number; min: number; max: number; description: string };

/** A whole number that a deployment may set within its bounds; `functions/.env` holds the defaults. */
export const intParam = (name: string, { default: fallback, min, max, description }: IntDefinition) => {
  defineInt(name, { default: fallback, description: `${description} (${min} to ${max})` });
  return {
    name,
    fallback,
    read: (): number => {
      // Not the param's own value: that is 20 for "20.5", and 0 where there is none.
      const text = process.env[name] ?? '';
      const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return value;
      throw new Error(`${name} must be a whole number from ${min} to ${max}, found ${text || 'nothing'}`);
    },
  };
};

export const booleanParam = (name: string, description: string) => {
  const param = defineBoolean(name, { default: false, description });
  return {
    name,
    fallback: false,
    param,
    read: (): boolean => {
      const value = process.env[name];
      if (value === 'true' || value === 'false') return value === 'true';
      throw new Error(`${name} must be true or false, found ${value}`);
    },
  };
};

/** Text, as `read` takes it: empty where there is no value, as while a deployment loads the code. */
const textParam = <Value>(
  name: string,
  fallback: string,
  description: string,
  read: (value: string) => Value,
) => ({
  name,
  fallback,
  param: defineString(name, { default: fallback, description }),
  read: (): Value => read(process.env[name] ?? ''),
});

export const stringParam = (name: string, fallback: string, description: string) =>
  textParam(name, fallback, description, (value) => {
    if (value !== '') return value;
    throw new Error(`${name} must not be empty`);
  });

export const optionalStringParam = (name: string, description: string) =>
  textParam(name, '', description, (value) => value || null);

/** As browsers send it: in lower case, without a path, and not only of http, as apps in a web view have others. */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/(\[[\da-f:]+\]|[a-z\d._-]+)(:\d+)?$/;

export const originListParam = (name: string, fallback: string, description: string) =>
  textParam(name, fallback, description, (value) => {
    const items = value.split(',').flatMap((item) => item.trim() || []);
    const wrong = items.find((item) => item !== '*' && !ORIGIN.test(item));
    if (wrong === undefined) return items;
    throw new Error(`${name} must be * or origins like https://chat.example.com, found ${wrong}`);
  });

export const redisUrlParam = (name: string, description: string) =>
  textParam(name, '', description, (value) => {
    // Not the value itself: it may hold a password.
    if (value !== '' && !/^rediss?:\/\/./.test(value))
      throw new Error(`${name} must begin with redis:// or rediss://`);
    return value || null;
  });
