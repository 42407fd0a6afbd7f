import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { CallInput, CallName, CallOutput } from 'kb-sessions-contract';
import {
  CANARY,
  callHost,
  createUser,
  type FirestoreProxy,
  type Host,
  runningSuite,
  type SignedInUser,
  startHost,
  startProxy,
} from 'kb-sessions-testing';

/** A busy machine is slow, and one address makes all calls. Other tests are about the deadline and the rate limits. */
const PATIENT = {
  RPC_DEADLINE_MS: '30000',
  USER_CALLS_PER_MINUTE: '1000000',
  ADDRESS_CALLS_PER_MINUTE: '1000000',
};

type CallError = {
  status: string;
  message: string;
  details?: { reason?: string; field?: string; session_id?: string };
};

export type Hosted = {
  proxy: FirestoreProxy;
  /** Everything the hosts keep is in it. */
  database: string;
  hosts: Host[];
  /** A user signed in with the Auth emulator. */
  signIn(claims?: Record<string, unknown>): Promise<SignedInUser>;
  /** The result of a call that is to succeed. */
  call<Name extends CallName>(
    user: SignedInUser,
    name: Name,
    input: CallInput<Name>,
    host?: number,
  ): Promise<CallOutput<Name>>;
  /** The answer to a call that is to fail, as text and parsed. */
  refused(
    user: SignedInUser | null,
    name: string,
    data: unknown,
  ): Promise<{ text: string; status: number; error: CallError }>;
  /** The answer to a request that a client of ours would not send: by default a call without data. */
  post(name: string, request?: RawRequest): Promise<{ status: number; headers: Headers; text: string }>;
  stop(): Promise<void>;
};

type RawRequest = {
  user?: SignedInUser | null;
  method?: string;
  headers?: Record<string, string>;
  body?: string | null;
  host?: number;
};

/**
 * The built group of callables on hosts of their own, behind one proxy, with real ID tokens and a database that
 * nothing else uses: the triggers of the suite listen to the default one.
 */
export const startHosted = async ({
  hosts: count = 1,
  params = {},
  database = `test-${randomUUID()}`,
  source,
}: {
  hosts?: number;
  params?: Record<string, string>;
  /** That of another `Hosted`, for hosts with a proxy of their own. */
  database?: string;
  /** What they serve instead of the group, see `singleFunctions`. */
  source?: string;
} = {}): Promise<Hosted> => {
  const { auth, projectId, firestore } = runningSuite();
  const proxy = await startProxy({ target: firestore });
  const starts = await Promise.allSettled(
    Array.from({ length: count }, () =>
      startHost({
        firestore: proxy.address,
        auth,
        projectId,
        params: { ...PATIENT, ...params, DATABASE_ID: database },
        ...(source !== undefined && { source }),
      }),
    ),
  );
  const hosts = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(hosts.map((host) => host.stop()));
    await proxy.stop();
  };
  const failed = starts.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') {
    await stop();
    throw failed.reason;
  }
  const hostAt = (index: number): Host => {
    const host = hosts[index];
    assert.ok(host, `host ${index} of ${count}`);
    return host;
  };
  return {
    proxy,
    database,
    hosts,
    signIn: (claims = {}) =>
      createUser({
        auth,
        projectId,
        claims,
        email: `${CANARY}-${randomUUID()}@example.com`,
        name: CANARY,
      }),
    async call(user, name, input, host = 0) {
      const { status, text, body } = await callHost(hostAt(host), name, input, user.idToken);
      assert.equal(status, 200, `${name}: ${text}`);
      return (body as { result: CallOutput<typeof name> }).result;
    },
    async refused(user, name, data) {
      const { status, text, body } = await callHost(hostAt(0), name, data, user?.idToken);
      assert.notEqual(status, 200, `${name} was to be refused, answered ${text}`);
      return { status, text, error: (body as { error: CallError }).error };
    },
    async post(name, { user = null, method = 'POST', headers = {}, body = '{"data":{}}', host = 0 } = {}) {
      const response = await fetch(`http://${hostAt(host).address}/sessions/${name}`, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(user && { authorization: `Bearer ${user.idToken}` }),
          ...headers,
        },
        body,
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    stop,
  };
};
