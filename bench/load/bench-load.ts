import { callHost, createUser, type Host, runningSuite, startHost } from '../../testing/src/index.ts';
import { say } from '../content.ts';
import { DELAY_MS, type Stage } from '../stage.ts';
import { quantile } from '../stats.ts';
import { emptyCallable, unbundled } from '../target.ts';
import { drive } from './drive.ts';

/** How one call went. */
export interface Load {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface LoadResult {
  readonly call: string;
  /** By the number of callers at once. */
  readonly callers: Readonly<Record<number, Load>>;
}

export interface LoadOptions {
  readonly callers: readonly number[];
  readonly seconds: number;
}

/** What production refuses to one user, or gives up on, is not asked here. */
const PARAMS = {
  MESSAGES_PER_SESSION: '1000000',
  USER_CALLS_PER_MINUTE: '1000000',
  ADDRESS_CALLS_PER_MINUTE: '1000000',
  RPC_DEADLINE_MS: '30000',
};
const WARM_UP_MS = 1000;
const LIMIT = 20;

/** One instance under functions-framework, called over HTTP by callers that have a session each. */
export async function benchLoad(stage: Stage, { callers, seconds }: LoadOptions): Promise<LoadResult[]> {
  const { auth, projectId } = runningSuite();
  const { idToken } = await createUser({ auth, projectId });
  const start = (source: string) =>
    startHost({
      auth,
      projectId,
      firestore: stage.firestore.address,
      source,
      // The trigger of the suite, which counts messages, listens to the default database.
      params: { ...PARAMS, DATABASE_ID: 'bench' },
    });
  const ask = async (host: Host, name: string, data: unknown): Promise<unknown> => {
    const { status, text, body } = await callHost(host, name, data, idToken);
    if (status !== 200) throw new Error(`${name} was to answer, found ${text}`);
    return body;
  };
  const measure = async (call: string, on: (caller: number) => Promise<unknown>): Promise<LoadResult> => {
    stage.log(`Load: ${call}.`);
    const once = async (caller: number) => {
      await on(caller);
    };
    const loads: [number, Load][] = [];
    for (const count of callers) {
      await drive(count, WARM_UP_MS, once);
      const { requestsPerSecond, latencies } = await drive(count, seconds * 1000, once);
      loads.push([
        count,
        { requestsPerSecond, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) },
      ]);
    }
    return { call, callers: Object.fromEntries(loads) };
  };

  const empty = emptyCallable();
  const hosts = [await start(empty.source), await start(unbundled.source)] as const;
  try {
    const [nothing, ours] = hosts;
    const sessions = await openSessions(Math.max(...callers), (data) => ask(ours, 'createSession', data));
    await stage.firestore.delay(DELAY_MS);
    const session = (caller: number) => ({ session_id: sessions[caller] });
    return [
      await measure('an empty callable', () => ask(nothing, '', {})),
      await measure('getSession', (caller) => ask(ours, 'getSession', session(caller))),
      await measure('addMessage', (caller) =>
        ask(ours, 'addMessage', { ...session(caller), role: 'user', content: say('user').content }),
      ),
      await measure('getHistory', (caller) => ask(ours, 'getHistory', { ...session(caller), limit: LIMIT })),
    ];
  } finally {
    await stage.firestore.delay(0);
    for (const host of hosts) await host.stop();
    empty.remove();
  }
}

async function openSessions(count: number, create: (data: object) => Promise<unknown>): Promise<string[]> {
  const ids = Array.from({ length: count }, () => crypto.randomUUID());
  for (const session_id of ids) await create({ session_id });
  return ids;
}
