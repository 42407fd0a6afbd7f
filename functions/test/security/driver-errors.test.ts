import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type CallableRequest, HttpsError } from 'firebase-functions/https';
import { SessionManager, type SessionStore } from 'kb-sessions';
import { unavailableError } from 'kb-sessions/internal/session-errors';
import { handleCall } from '../../src/callables/handle-call.ts';
import { callServicesWith } from '../support/call-services.ts';
import { signedIn } from '../support/signed-in.ts';

/** What the text of a driver's error may hold. */
const SECRETS = [
  'ann@example.com',
  'a question of mine',
  randomUUID(),
  'projects/p/databases/d',
  '/srv/index.js',
];

class DriverError extends Error {
  override readonly name = 'DriverError';
  readonly code = 3;
  readonly details = SECRETS.join(' ');
}

/** What a caller and the log get of a call whose store fails with this. */
const toldOf = async (failure: Error) => {
  const lines: object[] = [];
  const serving = callServicesWith({ log: (line) => lines.push(line) });
  const store = new Proxy<SessionStore>(serving.store, { get: () => () => Promise.reject(failure) });
  const sessions = new SessionManager({ store, ownersMayAnswer: false });
  const request: Partial<CallableRequest<unknown>> = {
    data: { session_id: randomUUID() },
    auth: signedIn(),
  };
  const answer = handleCall('getSession', request as CallableRequest<unknown>, { ...serving, sessions });
  const error: unknown = await answer.catch((error: unknown) => error);
  assert.ok(error instanceof HttpsError);
  return { answer: JSON.stringify(error), lines };
};

describe('the error text of a driver', () => {
  const failure = new DriverError(SECRETS.join(' '));
  const assertHidden = (text: string) => {
    for (const secret of SECRETS) assert.equal(text.includes(secret), false, `found ${secret} in ${text}`);
  };

  it('reaches neither caller nor log, which has only the kind, the code and the place', async () => {
    const { answer, lines } = await toldOf(failure);
    assert.equal(answer, '{"message":"internal error","status":"INTERNAL"}');
    const [line, ...others] = lines;
    assert.deepEqual(others, []);
    const { error } = Object(line);
    assert.deepEqual([error.kind, error.code], ['DriverError', 3]);
    assert.ok(error.at.length > 0);
    assertHidden(JSON.stringify(line));
  });

  it('reaches neither of them when the error makes the store unavailable', async () => {
    const { answer, lines } = await toldOf(unavailableError(failure));
    assert.match(answer, /"status":"UNAVAILABLE"/);
    assertHidden(answer);
    assert.equal(Object(lines[0]).error.kind, 'DriverError');
    assertHidden(JSON.stringify(lines));
  });
});
