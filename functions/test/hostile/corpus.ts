import type { CallName } from 'kb-sessions-contract';
import { allChanges } from './changes.ts';
import type { HostilePayload } from './hostile-payload.ts';
import { FOREIGN_KEYS, INJECTIONS } from './injections.ts';
import { type Path, toJson, withPart } from './parts.ts';

type Inputs = Readonly<Record<CallName, unknown>>;

const repeated = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join();

/** JSON that no value of JavaScript is written as. */
const asText = (valid: string): [title: string, json: string][] => {
  const open = valid === '{}' ? '{' : `${valid.slice(0, -1)},`;
  return [
    ['5,000 levels of arrays', `${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['5,000 levels of objects', `${'{"in":'.repeat(5000)}1${'}'.repeat(5000)}`],
    ['5,000 levels in a field', `${open}"more":${'['.repeat(5000)}${']'.repeat(5000)}}`],
    ['10,000 fields', `${open}${repeated(10_000, (index) => `"field ${index}":1`)}}`],
    ['the same field twice', `${open}"twice":1,"twice":2}`],
    ['__proto__ in escapes', `${open}"\\u005f\\u005fproto\\u005f\\u005f":{"admin":true}}`],
    ['__proto__ twice', `${open}"__proto__":{"__proto__":{"admin":true}}}`],
    ['constructor.prototype', `${open}"constructor":{"prototype":{"admin":true}}}`],
    ['a key of a megabyte', `${open}"${'k'.repeat(1024 * 1024)}":1}`],
    ['a text of 3 MB', `${open}"more":"${'a'.repeat(3 * 1024 * 1024)}"}`],
  ];
};

const roots = ['0', '-0', '1e999', '""', '"text"', 'true', 'false', '[]', '[{}]', '[null]'];

/** The payloads that a trusted admin sends and that are refused for what they are, a list for each call. */
export const corpus = (inputs: Inputs, names: readonly CallName[]): HostilePayload[] =>
  names.flatMap((call) => {
    const input = inputs[call];
    const changed = allChanges(input, call).map(({ title, path, value }) => ({
      call,
      title,
      json: toJson(withPart(input, path, value)),
    }));
    const texts = [...roots.map((json): [string, string] => [json, json]), ...asText(toJson(input))];
    return [...changed, ...texts.map(([title, json]) => ({ call, title, json })), ...particular(call, input)];
  });

const MEGABYTE = 1024 * 1024;

/** Payloads just below the limit of bytes that hold as many values as they can. */
export const manyValues = (inputs: Inputs): HostilePayload[] => {
  const list = (item: string): string => `[${`${item},`.repeat(MEGABYTE / item.length)}0]`;
  const fields = `{${repeated(MEGABYTE / 5, (index) => `"${index.toString(36)}":1`)}}`;
  const withRaw = (call: CallName, path: Path, raw: string): string =>
    toJson(withPart(inputs[call], path, 'here')).replace('"here"', () => raw);
  return [
    ...['0', '""', '{}', '[]'].flatMap((item): HostilePayload[] => [
      {
        call: 'addMessage',
        title: `many ${item}`,
        json: withRaw('addMessage', ['metadata', 'more'], list(item)),
      },
      { call: 'addMessages', title: `many ${item}`, json: withRaw('addMessages', ['messages'], list(item)) },
    ]),
    { call: 'addMessage', title: 'many keys', json: withRaw('addMessage', ['metadata', 'more'], fields) },
    { call: 'getSession', title: 'many fields', json: fields },
  ];
};

/** What is wrong with one call alone. */
const particular = (call: CallName, input: unknown): HostilePayload[] => {
  const cases = PARTICULAR[call] ?? [];
  return cases.map(([title, path, value]) => ({ call, title, json: toJson(withPart(input, [path], value)) }));
};

const hello = { role: 'user', content: 'hello' };
const TWICE = { ...hello, message_id: '5f6b9d0a-2f50-4b5e-9d6a-0d8f7f7c5a11' };
const v5 = '6c0f1d0e-3f0b-5c51-9d4c-6f2a1c0a7b52';

const PARTICULAR: Partial<Record<CallName, [title: string, path: string, value: unknown][]>> = {
  createSession: [
    ['the id of a successor', 'session_id', v5],
    ...FOREIGN_KEYS.map((key): [string, string, unknown] => [
      'a field of the server',
      'user_info',
      { [key]: 'active' },
    ]),
  ],
  addMessage: [
    ['the role system', 'role', 'system'],
    ['the role tool', 'role', 'tool'],
    ['the role USER', 'role', 'USER'],
    ['blank content', 'content', ' \n\t'],
    ['a message_id that is not random', 'message_id', v5],
    ['a context of 0', 'context_limit', 0],
    ['a context of 51', 'context_limit', 51],
    ['metadata of many items', 'metadata', { more: Array.from({ length: 10_000 }, () => 0) }],
  ],
  addMessages: [
    ['no message', 'messages', []],
    ['11 messages', 'messages', Array.from({ length: 11 }, () => hello)],
    ['10,000 messages', 'messages', Array.from({ length: 10_000 }, () => hello)],
    ['one id twice', 'messages', [TWICE, TWICE]],
    ['an array with a length', 'messages', { length: 1, 0: hello }],
  ],
  getHistory: [
    ['a limit of 0', 'limit', 0],
    ['a limit of 51', 'limit', 51],
    ['before 0', 'before_seq', 0],
  ],
  listSessions: [
    ['a limit of 51', 'limit', 51],
    ['a status of its own', 'status', 'deleted'],
    ...INJECTIONS.map((cursor): [string, string, unknown] => [
      'a cursor that no list gave',
      'cursor',
      cursor,
    ]),
    [
      'a cursor into another collection',
      'cursor',
      cursorOf(['2026-01-01T00:00:00.000Z', '../kb_messages/m']),
    ],
    ['a cursor of another time', 'cursor', cursorOf([{ $gt: '' }, v5])],
  ],
  submitFeedback: [
    ['an empty comment', 'comment', ''],
    ['a rating of 5', 'rating', 5],
  ],
  escalateSession: [['an empty reason', 'reason', '']],
  endUserSessions: [['nobody', 'user_id', '']],
  getActiveSessions: [['a limit of 1e9', 'limit', 1e9]],
};

function cursorOf(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}
