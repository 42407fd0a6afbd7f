import { gzipSync } from 'node:zlib';
import type { SignedInUser } from 'kb-sessions-testing';
import type { Attack } from './attack.ts';
import { CANARIES } from './valid-inputs.ts';

type Raw = Partial<Pick<Attack, 'method' | 'call' | 'headers' | 'body'>> & Pick<Attack, 'expected'>;

const BAD = 'INVALID_ARGUMENT';
const EMPTY = '{"data":{}}';
const NOTHING = 'UNIMPLEMENTED';

/** No `data` and nothing else in the body, or too much of it. */
const bodies: Record<string, Raw> = {
  'an empty body': { body: '', expected: BAD },
  'an array': { body: `["${CANARIES.content}"]`, expected: BAD },
  'no data': { body: `{"content":"${CANARIES.content}"}`, expected: BAD },
  'more than data': { body: `{"data":{},"${CANARIES.content}":"${CANARIES.content}"}`, expected: BAD },
  '__proto__ as data': { body: '{"__proto__":{"data":{}}}', expected: BAD },
  'data twice': { body: '{"data":{},"data":{"more":1}}', expected: BAD },
  'a body of 31 MB': { body: `{"data":{"more":"${'a'.repeat(31 * 1024 * 1024)}"}}`, expected: BAD },
  'UTF-16': {
    body: Buffer.from('{"data":{"more":1}}', 'utf16le'),
    headers: { 'content-type': 'application/json; charset=utf-16' },
    expected: BAD,
  },
  'bytes that are no UTF-8': { body: Buffer.from('{"data":{"\xff\xfe":1}}', 'latin1'), expected: BAD },
  'a body of 64 MB in 64 KB': {
    body: gzipSync(`{"data":{}${' '.repeat(64 * 1024 * 1024)}}`),
    headers: { 'content-encoding': 'gzip' },
    expected: BAD,
  },
};

const types: Record<string, Raw> = Object.fromEntries(
  [
    '',
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/cloudevents+json',
    'json',
    '*/*',
  ].map((type) => [
    `the type ${type}`,
    { body: '{"data":{}}', headers: { 'content-type': type }, expected: BAD },
  ]),
);

const methods: Record<string, Raw> = Object.fromEntries(
  ['GET', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'].map((method) => [
    method,
    { method, body: EMPTY, expected: BAD },
  ]),
);

const headers: Record<string, Raw> = Object.fromEntries(
  Object.entries({
    'an App Check token of one’s own': { 'x-firebase-appcheck': CANARIES.token },
    'an App Check token without a signature': {
      'x-firebase-appcheck': 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.',
    },
    'an instance id token': { 'firebase-instance-id-token': CANARIES.token },
    'an address of one’s own': { 'x-forwarded-for': `127.0.0.1, ::1, ' OR 1=1, ${CANARIES.token}` },
    'a host of one’s own': { 'x-forwarded-host': 'example.com', 'x-forwarded-proto': 'gopher' },
    'another method': { 'x-http-method-override': 'DELETE' },
    'a trace of one’s own': { 'x-cloud-trace-context': '../../x/1;o=1', traceparent: CANARIES.token },
    'an execution id of one’s own': { 'function-execution-id': CANARIES.token },
    'the header of an override': { 'x-callable-context-auth': '%7B%22uid%22%3A%22a%22%7D' },
    'an origin of one’s own': { origin: 'https://example.com' },
  }).map(([title, given]) => [title, { headers: given, body: EMPTY, expected: BAD }]),
);

const paths: Record<string, Raw> = Object.fromEntries(
  [
    '',
    '..%2f..%2fetc%2fpasswd',
    'getSession%00',
    'getSession%0d%0ax',
    'constructor',
    '__proto__',
    'toString',
    'getSession/..',
    'GETSESSION',
    'a'.repeat(4000),
  ].map((call) => [`the path ${call.slice(0, 30)}`, { call, body: EMPTY, expected: NOTHING }]),
);

const PRIVATE = Object.values(CANARIES).join(' ');

/** Requests of every kind that are answered by the function, none of them valid. */
export const rawRequests = (user: SignedInUser): Attack[] =>
  withToken(user, { ...bodies, ...types, ...methods, ...headers, ...paths });

/**
 * Requests that functions-framework refuses before the function gets them. Outside of production it answers with a stack.
 */
export const unreadable = (user: SignedInUser): Attack[] =>
  withToken(user, {
    'no JSON': { body: `hello ${PRIVATE}`, expected: 400 },
    'a text': { body: '"hello"', expected: 400 },
    'half of the JSON': { body: `{"data":{"content":"${PRIVATE}`, expected: 400 },
    'JSON and more': { body: `{"data":{}}{"data":{"content":"${PRIVATE}"}}`, expected: 400 },
    'a single quote': { body: "{'data':{}}", expected: 400 },
    NaN: { body: '{"data":{"limit":NaN}}', expected: 400 },
    'a control character': { body: '{"data":{"content":"\x07"}}', expected: 400 },
    'random bytes': { body: Buffer.from([0x7b, 0xff, 0x00, 0xc3, 0x28]), expected: 400 },
    'a charset of its own': {
      body: EMPTY,
      headers: { 'content-type': 'application/json; charset=x' },
      expected: 415,
    },
    'an encoding of its own': { body: EMPTY, headers: { 'content-encoding': 'x' }, expected: 415 },
    'no gzip': { body: EMPTY, headers: { 'content-encoding': 'gzip' }, expected: 400 },
    'a form nested deeply': {
      body: `data${'[a]'.repeat(100)}=${PRIVATE}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      expected: 400,
    },
    'a form of 5,000 fields': {
      body: `a=${encodeURIComponent(PRIVATE)}&`.repeat(5000),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      expected: 413,
    },
    'a path that is no URI': { call: '%E0%A4%A', body: EMPTY, expected: 400 },
    'a header of 20 KB': { headers: { 'x-long': 'a'.repeat(20 * 1024) }, body: EMPTY, expected: 431 },
    'an expectation': { headers: { expect: 'x' }, body: EMPTY, expected: 417 },
  });

const withToken = ({ idToken }: SignedInUser, requests: Readonly<Record<string, Raw>>): Attack[] =>
  Object.entries(requests).map(([title, { headers, ...raw }]) => ({
    title,
    call: 'getSession',
    body: EMPTY,
    ...raw,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${idToken}`, ...headers },
  }));
