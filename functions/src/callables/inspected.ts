import type { CallableRequest } from 'firebase-functions/https';
import { type UnsafePart, unsafePart } from './unsafe-part.ts';

type RawRequest = CallableRequest['rawRequest'];
type Endpoint = (request: RawRequest, response: never) => unknown;

const found = new WeakMap<RawRequest, UnsafePart>();

/** What {@link inspected} found in the payload of a request, for the call to refuse; the framework got none of it. */
export const foundIn = (request: RawRequest | undefined): UnsafePart | null =>
  (request && found.get(request)) ?? null;

/**
 * A callable whose payload is looked at as it came, before the framework decodes it. What it finds it takes out and
 * leaves to the handler to refuse: the framework's CORS and error format stay in force.
 */
export const inspected = <Callable extends Endpoint>(callable: Callable): Callable => {
  const endpoint = (request: RawRequest, response: never): unknown => {
    const unsafe = unsafePart(request.body?.data);
    if (unsafe) {
      found.set(request, unsafe);
      request.body = { data: null };
    }
    return callable(request, response);
  };
  return Object.defineProperties(endpoint, Object.getOwnPropertyDescriptors(callable)) as Callable;
};
