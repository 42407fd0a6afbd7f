import type { ServerResponse } from 'node:http';
import type { CallableRequest } from 'firebase-functions/https';
import { type FieldError, findUnsafeValue } from './find-unsafe-value.ts';

/** Fits ten messages of 32 KB with metadata of 4 KB, even if JSON escapes every character. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

type RawRequest = CallableRequest['rawRequest'];
type Endpoint = (request: RawRequest, response: never) => unknown;

const violations = new WeakMap<RawRequest, FieldError>();

/**
 * Returns the first violation that {@link withRequestInspection} found in a request, or null. The call refuses it. The
 * framework received no payload.
 */
export const violationOf = (request: RawRequest | undefined): FieldError | null =>
  (request && violations.get(request)) ?? null;

/**
 * Wraps a callable so that the raw body is inspected before the framework decodes it. The framework would also log a body
 * with other keys than `data`. The wrapper removes the payload of a request with a violation and leaves the refusal to the
 * handler, so that the framework's CORS, authentication and error format apply. It also forbids caches to store the
 * response, and allows pages to read the header Retry-After.
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
