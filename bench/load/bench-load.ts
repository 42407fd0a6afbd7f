import { callHost, createUser, type Host, runningSuite, startHost } from '../../testing/src/index.ts';
import { say } from '../content.ts';
import { DELAY_MS, type Stage } from '../stage.ts';
import { quantile } from '../stats.ts';
import { deployed, emptyCallable } from '../target.ts';
import { benchCpu } from './bench-cpu.ts';
import type { CpuCost } from './compare.ts';
import { drive } from './drive.ts';
import { PARAMS } from './params.ts';

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
  /** Absent where there is nothing of ours. */
  readonly cpu?: CpuCost;
}

export interface LoadOptions {
  readonly callers: readonly number[];
  readonly seconds: number;
}

const WARM_UP_MS = 1000;
const LIMIT = 20;
/** What the CPU of one call is taken from goes by the seconds, too. */
const ROUNDS_PER_SECOND = 5;

/** One instance under functions-framework, called over HTTP by callers that have a session each. */
export async function benchLoad(stage: Stage, { callers, seconds }: LoadOptions): Promise<LoadResult[]> {
  const costs = await benchCpu(stage, ROUNDS_PER_SECOND * seconds);
  const { auth, projectId } = runningSuite();
  const { idToken } = await createUser({ auth, projectId });
  const start = (source: string) =>
    startHost({
      auth,
      projectId,
      firestore: stage.firestore.address,
      source,
      params: PARAMS,
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
    const cpu = costs[call];
    return { call, callers: Object.fromEntries(loads), ...(cpu && { cpu }) };
  };

  const hosts: Host[] = [];
  try {
    const nothing = await start(emptyCallable().source);
    hosts.push(nothing);
    const ours = await start(deployed.source);
    hosts.push(ours);
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
  }
}

async function openSessions(count: number, create: (data: object) => Promise<unknown>): Promise<string[]> {
  const ids = Array.from({ length: count }, () => crypto.randomUUID());
  for (const session_id of ids) await create({ session_id });
  return ids;
}
