import type { ServerResponse } from 'node:http';
import type { CallableRequest } from 'firebase-functions/https';
import { type FieldError, findUnsafeValue } from './find-unsafe-value.ts';

/** Ten messages of 32 KB with metadata of 4 KB, in which JSON escapes every character. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

type RawRequest = CallableRequest['rawRequest'];
type Endpoint = (request: RawRequest, response: never) => unknown;

const violations = new WeakMap<RawRequest, FieldError>();

/** What {@link withRequestInspection} found in the payload of a request, for the call to refuse; the framework got none of it. */
export const violationOf = (request: RawRequest | undefined): FieldError | null =>
  (request && violations.get(request)) ?? null;

/**
 * A callable whose payload is looked at as it came, before the framework decodes it, or logs it where it is not
 * `data` alone. What it finds it takes out and leaves to the handler to refuse: the framework's CORS, authentication and
 * error format stay in force. Whatever it answers, no cache keeps it, and a page may read after how long to try again.
 */
export const withRequestInspection = <Callable extends Endpoint>(callable: Callable): Callable => {
  const endpoint = (request: RawRequest, response: never): unknown => {
    setHeaders(response);
    const unsafe = request.method === 'POST' ? findViolation(request) : null;
    if (unsafe) {
      violations.set(request, unsafe);
      request.body = { data: null };
    }
    return callable(request, response);
  };
  return Object.defineProperties(endpoint, Object.getOwnPropertyDescriptors(callable)) as Callable;
};

const setHeaders = (response: ServerResponse): void => {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Access-Control-Expose-Headers', 'Retry-After');
};

const findViolation = ({ body, rawBody }: RawRequest): FieldError | null => {
  if (rawBody && rawBody.byteLength > MAX_BODY_BYTES) {
    return { field: '', message: `must be at most ${MAX_BODY_BYTES} bytes, found ${rawBody.byteLength}` };
  }
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'data')) {
    return { field: '', message: 'must be there: the body of a call is {"data": …}' };
  }
  for (const key in body) {
    if (key !== 'data') return { field: '', message: 'must be all there is in the body of a call' };
  }
  return findUnsafeValue(body.data);
};
