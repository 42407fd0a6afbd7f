import { callHost, createUser, type Host, runningSuite, startHost } from 'kb-sessions-testing';
import { type BenchContext, DELAY_MS } from '../bench-context.ts';
import { quantile } from '../stats.ts';
import { deployed, emptyCallable } from '../target.ts';
import { benchCpu } from './bench-cpu.ts';
import { closedLoop, type LoopResult } from './closed-loop.ts';
import type { CpuCost } from './compare.ts';
import { openFullSession, question, RECENT } from './open-full-session.ts';
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

/** Of every call with the most callers before the first is measured, until the engine has compiled for good what is called. */
const WARM_UP_MS = 3000;
/** Before each measurement, until its callers are spread. */
const SETTLE_MS = 500;
/** What the CPU of one call is taken from goes by the seconds, too. */
const ROUNDS_PER_SECOND = 14;

/** One instance under functions-framework, called over HTTP by callers that have a full session each. */
export async function benchLoad(
  stage: BenchContext,
  { callers, seconds }: LoadOptions,
): Promise<LoadResult[]> {
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
  const hosts: Host[] = [];
  try {
    const nothing = await start(emptyCallable().source);
    hosts.push(nothing);
    const ours = await start(deployed.source);
    hosts.push(ours);
    const most = Math.max(...callers);
    const open = () => openFullSession((call, data) => ask(ours, call, data));
    const sessions = await Promise.all(Array.from({ length: most }, open));
    const session = (caller: number) => ({ session_id: sessions[caller] });
    const calls: readonly (readonly [call: string, once: (caller: number) => Promise<unknown>])[] = [
      ['an empty callable', () => ask(nothing, '', {})],
      ['getSession', (caller) => ask(ours, 'getSession', session(caller))],
      ['addMessage', (caller) => ask(ours, 'addMessage', { ...session(caller), ...question() })],
      ['getHistory', (caller) => ask(ours, 'getHistory', { ...session(caller), limit: RECENT })],
    ];
    await stage.firestore.delay(DELAY_MS);
    stage.log('Load: warming up.');
    for (const [, once] of calls) await closedLoop(most, WARM_UP_MS, once);
    const results: LoadResult[] = [];
    for (const [call, once] of calls) {
      stage.log(`Load: ${call}.`);
      const loads: [number, Load][] = [];
      for (const count of callers) {
        await closedLoop(count, SETTLE_MS, once);
        loads.push([count, loadOf(await closedLoop(count, seconds * 1000, once))]);
      }
      const cpu = costs[call];
      results.push({ call, callers: Object.fromEntries(loads), ...(cpu && { cpu }) });
    }
    return results;
  } finally {
    await stage.firestore.delay(0);
    for (const host of hosts) await host.stop();
  }
}

function loadOf({ requestsPerSecond, latencies }: LoopResult): Load {
  return { requestsPerSecond, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
}
