import type { Proof } from '../proof.ts';

const session = 'functions/src/session';
const payload = 'functions/test/callables/parse-payload.test.ts';
const serverOwned = 'functions/test/security/server-owned.test.ts';
const asData = 'functions/test/security/content-is-data.test.ts';

/** What a call takes. */
export const inputProofs: readonly Proof[] = [
  {
    item: 'S03',
    file: `${session}/records.ts`,
    find: 'sessionId = z.uuid()',
    replace: 'sessionId = z.string()',
    test: { file: payload, title: 'names session_id for a session_id with a path' },
  },
  {
    item: 'S03',
    file: `${session}/records.ts`,
    find: 'messageId = z.uuidv4()',
    replace: 'messageId = z.string()',
    test: { file: payload, title: 'names message_id for a message_id that is no uuid' },
  },
  {
    item: 'S22',
    file: 'packages/contract/src/calls.ts',
    find: 'input: z.strictObject({ session_id: sessionId, recover, user_id: onBehalfOf }),',
    replace: 'input: z.object({ session_id: sessionId, recover, user_id: onBehalfOf }),',
    test: {
      file: 'functions/test/integration/every-callable.host.test.ts',
      title: 'getSession refuses a field that it does not know, at no cost',
    },
  },
  {
    item: 'S23',
    file: `${session}/records.ts`,
    find: 'userInfoSchema = z.strictObject(',
    replace: 'userInfoSchema = z.object(',
    test: { file: serverOwned, title: 'are refused in what is known of a user' },
  },
  {
    item: 'S23',
    file: 'packages/contract/src/calls.ts',
    find: '.array(z.strictObject(newMessage))',
    replace: '.array(z.object(newMessage))',
    test: { file: serverOwned, title: 'are refused in each of several messages' },
  },
  {
    item: 'S24',
    file: `${session}/manager.ts`,
    find: 'if (!caller.trusted && !this.#ownersMayAnswer) messages.forEach(refuseAnswer);',
    replace: '',
    test: {
      file: 'packages/sessions/test/session-manager.test.ts',
      title: 'addMessage() refuses role from an owner',
    },
  },
  {
    item: 'S24',
    file: `${session}/records.ts`,
    find: "roleSchema = z.enum(['user', 'assistant'])",
    replace: "roleSchema = z.enum(['user', 'assistant', 'system'])",
    test: { file: payload, title: 'names role for a role that is none' },
  },
  {
    item: 'S25',
    file: 'functions/src/callables/find-unsafe-value.ts',
    find: "|| Object.hasOwn(value, '__proto__')",
    replace: '',
    test: {
      file: 'functions/test/callables/find-unsafe-value.test.ts',
      title: 'as it comes and as it is copied',
    },
  },
  {
    item: 'S25',
    file: 'functions/src/callables/find-unsafe-value.ts',
    find: '(prototype !== Object.prototype && prototype !== null) || ',
    replace: '',
    test: { file: payload, title: 'refuses them, known to the call or not, on every level' },
  },
  {
    item: 'S26',
    file: `${session}/metadata.ts`,
    find: 'const refused = refusedKey(key);',
    replace: 'const refused = null;',
    test: { file: 'packages/contract/test/metadata.test.ts', title: 'refuses the key "a.b" on every level' },
  },
  {
    item: 'S27',
    file: `${session}/metadata.ts`,
    find: "Number.isFinite(value) ? null : { path, message: 'must be a finite number' }",
    replace: 'null',
    test: {
      file: 'packages/contract/test/metadata.test.ts',
      title: 'refuses numbers that are not finite, on every level',
    },
  },
  {
    item: 'S27',
    file: 'functions/src/callables/find-unsafe-value.ts',
    find: "if (Object.hasOwn(value, '@type')) return { field: path, message: 'must be plain JSON, found an @type' };",
    replace: '',
    test: {
      file: 'functions/test/callables/find-unsafe-value.test.ts',
      title: 'names what the framework would decode to another type',
    },
  },
  {
    item: 'S28',
    file: `${session}/text.ts`,
    find: "Buffer.byteLength(value, 'utf8')",
    replace: 'value.length',
    test: {
      file: 'packages/contract/test/text.test.ts',
      title: 'takes up to its bound of UTF-8, not of characters',
    },
  },
  {
    item: 'S28',
    file: 'functions/src/callables/inspect-request.ts',
    find: 'rawBody && rawBody.byteLength > MAX_BODY_BYTES',
    replace: 'rawBody === null',
    test: {
      file: 'functions/test/callables/inspect-request.test.ts',
      title: 'refuses a body by its bytes before it looks inside',
    },
  },
  {
    item: 'S29',
    file: 'functions/src/callables/find-unsafe-value.ts',
    find: "if (depth > MAX_DEPTH) return { field: path, message: 'is nested too deeply' };",
    replace: '',
    test: {
      file: 'functions/test/callables/find-unsafe-value.test.ts',
      title: 'refuses a nesting that no call has, before it overflows',
    },
  },
  {
    item: 'S30',
    file: `${session}/text.ts`,
    find: ".refine((value) => value.isWellFormed(), 'must be well-formed Unicode, found a lone surrogate')",
    replace: '',
    test: {
      file: 'packages/contract/test/text.test.ts',
      title: 'refuses NUL and lone surrogates wherever they stand, and takes pairs',
    },
  },
  {
    item: 'S43',
    file: `${session}/recent.ts`,
    find: '  seq,\n  role,\n  content,\n  created_at,\n});',
    replace:
      "  seq,\n  role: content.startsWith('{\"role\"') ? 'assistant' : role,\n  content,\n  created_at,\n});",
    test: { file: asData, title: "comes back as the user's, word for word" },
  },
  {
    item: 'S43',
    file: `${session}/fallback/memory-session.ts`,
    find: '  role,\n  content,\n  created_at: isoOf(accepted_at),',
    replace: "  role: 'assistant',\n  content,\n  created_at: isoOf(accepted_at),",
    test: { file: asData, title: 'does so while Firestore is away, too' },
  },
];
