import assert from 'node:assert/strict';
import { ServerResponse } from 'node:http';
import type { CallableRequest } from 'firebase-functions/https';
import { violationOf, withRequestInspection } from '../../src/callables/inspect-request.ts';

type RawRequest = CallableRequest['rawRequest'];

/** A request of which an endpoint sees nothing but its body. */
const requestOf = (body: unknown, rawBody = Buffer.from('')) =>
  ({ method: 'POST', body, rawBody }) as RawRequest;

describe('withRequestInspection()', () => {
  const endpoint = withRequestInspection(
    (request: RawRequest, _response: ServerResponse): unknown => request.body,
  );
  const call = (request: RawRequest) => endpoint(request, new ServerResponse(request));

  it('passes a safe request on unchanged', () => {
    const request = requestOf({ data: { limit: 5 } });
    assert.deepEqual(call(request), { data: { limit: 5 } });
    assert.equal(violationOf(request), null);
  });

  it('hides unsafe data from the framework, so that the handler refuses it', () => {
    const request = requestOf(JSON.parse('{"data": {"user_info": {"__proto__": "text"}}}'));
    assert.deepEqual(call(request), { data: null });
    assert.equal(violationOf(request)?.field, 'user_info.__proto__');
    assert.equal(violationOf(requestOf({ data: {} })), null);
  });

  it('hides a body without data from the framework, which would log it', () => {
    for (const body of [{ content: 'secret' }, 'secret', null, undefined, { data: {}, secret: 1 }]) {
      const request = requestOf(body);
      assert.deepEqual(call(request), { data: null });
      assert.match(violationOf(request)?.message ?? '', /must be (all )?there/);
    }
  });

  it('refuses a body by its size in bytes before it parses it', () => {
    const atLimit = requestOf({ data: {} }, Buffer.alloc(3 * 1024 * 1024));
    call(atLimit);
    assert.equal(violationOf(atLimit), null);
    const over = requestOf({ data: {} }, Buffer.alloc(3 * 1024 * 1024 + 1));
    assert.deepEqual(call(over), { data: null });
    assert.match(violationOf(over)?.message ?? '', /must be at most/);
  });

  it('forbids caches to store an answer, and lets pages read the time of the next attempt', () => {
    for (const method of ['POST', 'GET', 'OPTIONS']) {
      const request = Object.assign(requestOf({ data: {} }), { method });
      const response = new ServerResponse(request);
      endpoint(request, response);
      assert.equal(response.getHeader('cache-control'), 'no-store', method);
      assert.equal(response.getHeader('access-control-expose-headers'), 'Retry-After', method);
    }
  });

  it('preserves the deployment properties of the callable', () => {
    const callable = Object.assign((request: RawRequest, _response: ServerResponse): unknown => request, {
      __endpoint: { platform: 'gcfv2' },
    });
    assert.equal(withRequestInspection(callable).__endpoint, callable.__endpoint);
  });
});

describe('violationOf()', () => {
  it('returns null without a request, as in a call within the process', () => {
    assert.equal(violationOf(undefined), null);
  });
});
