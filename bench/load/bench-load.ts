import { callHost, createUser, type Host, runningSuite, startHost } from 'kb-sessions-testing';
import { type BenchContext, DELAY_MS } from '../bench-context.ts';
import { deployedBuild, emptyCallable } from '../function-builds.ts';
import { quantile } from '../stats.ts';
import { benchCpu } from './bench-cpu.ts';
import { type LoopResult, runClosedLoop } from './closed-loop.ts';
import type { CpuCost } from './compare-cpu.ts';
import { LOAD_PARAMS, newQuestion, openFullSession, RECENT_MESSAGES } from './full-session.ts';

export type Load = { requestsPerSecond: number; p50Ms: number; p99Ms: number };

export type LoadResult = {
  call: string;
  /** By the number of concurrent callers. */
  callers: Record<number, Load>;
  /** Absent for a call that is not ours. */
  cpu?: CpuCost;
};

type LoadOptions = { callers: readonly number[]; seconds: number };

/** The time of each call with the most callers before the first measurement, until the JIT has compiled the code. */
const WARM_UP_MS = 3000;
/** The time before each measurement, until the calls of the callers are spread evenly. */
const SETTLE_MS = 500;
/** Rounds of the CPU comparison, per second of load. */
const CPU_ROUNDS_PER_SECOND = 14;

/** Measures one instance under functions-framework, called over HTTP by callers with a full session each. */
export const benchLoad = async (
  context: BenchContext,
  { callers, seconds }: LoadOptions,
): Promise<LoadResult[]> => {
  const cpuCosts = await benchCpu(context, CPU_ROUNDS_PER_SECOND * seconds);
  const { auth, projectId } = runningSuite();
  const { idToken } = await createUser({ auth, projectId });
  const firestore = context.firestore.address;
  const start = (source: string) => startHost({ auth, projectId, firestore, source, params: LOAD_PARAMS });
  const call = async (host: Host, name: string, data: unknown): Promise<unknown> => {
    const { status, text, body } = await callHost(host, name, data, idToken);
    if (status !== 200) throw new Error(`${name} must succeed, found ${text}`);
    return body;
  };
  const hosts: Host[] = [];
  try {
    const empty = await start(emptyCallable().source);
    hosts.push(empty);
    const ours = await start(deployedBuild.source);
    hosts.push(ours);
    const maxCallers = Math.max(...callers);
    const open = () => openFullSession((name, data) => call(ours, name, data));
    const sessions = await Promise.all(Array.from({ length: maxCallers }, open));
    const session = (caller: number) => ({ session_id: sessions[caller] });
    const calls: [name: string, callOnce: (caller: number) => Promise<unknown>][] = [
      ['an empty callable', () => call(empty, '', {})],
      ['getSession', (caller) => call(ours, 'getSession', session(caller))],
      ['addMessage', (caller) => call(ours, 'addMessage', { ...session(caller), ...newQuestion() })],
      ['getHistory', (caller) => call(ours, 'getHistory', { ...session(caller), limit: RECENT_MESSAGES })],
    ];
    await context.firestore.delay(DELAY_MS);
    context.log('Load: warming up.');
    for (const [, callOnce] of calls) await runClosedLoop(maxCallers, WARM_UP_MS, callOnce);
    const results: LoadResult[] = [];
    for (const [name, callOnce] of calls) {
      context.log(`Load: ${name}.`);
      const loads: [number, Load][] = [];
      for (const count of callers) {
        await runClosedLoop(count, SETTLE_MS, callOnce);
        loads.push([count, loadOf(await runClosedLoop(count, seconds * 1000, callOnce))]);
      }
      const cpu = cpuCosts[name];
      results.push({ call: name, callers: Object.fromEntries(loads), ...(cpu && { cpu }) });
    }
    return results;
  } finally {
    await context.firestore.delay(0);
    for (const host of hosts) await host.stop();
  }
};

const loadOf = ({ requestsPerSecond, latencies }: LoopResult): Load => ({
  requestsPerSecond,
  p50Ms: quantile(latencies, 0.5),
  p99Ms: quantile(latencies, 0.99),
});
