import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  type Cost,
  callHost,
  createUser,
  type Host,
  runningSuite,
  startHost,
} from '../../testing/src/index.ts';
import { say } from '../content.ts';
import type { Stage } from '../stage.ts';
import { deployed } from '../target.ts';
import { type CpuCost, compare } from './compare.ts';
import { PARAMS, UNCHECKED_TOKENS } from './params.ts';
import { cpuMs, withCpu } from './with-cpu.ts';

/** Until the engine has compiled for good what is called. */
const WARM_UP_CALLS = 600;
const CALLS_PER_ROUND = 50;
const RECENT = 20;
/** By how much the two may differ in bytes to and from Firestore: ids and numbers are not always as long. */
const TOLERANCE = 0.01;

const calls: Readonly<Record<string, () => object>> = {
  getSession: () => ({}),
  addMessage,
  getHistory: () => ({ limit: RECENT }),
};

/** By call, what our functions take beside callables that ask the same of Firestore, with one caller, and no delay. */
export async function benchCpu(stage: Stage, rounds: number): Promise<Readonly<Record<string, CpuCost>>> {
  const { auth, projectId } = runningSuite();
  const { idToken } = await createUser({ auth, projectId });
  const firestore = stage.firestore.address;
  const params = { ...deployed.params, ...PARAMS, ...UNCHECKED_TOKENS };
  const packages = [
    withCpu(join(deployed.source, deployed.main)),
    withCpu(join(import.meta.dirname, 'bare-callables.ts')),
  ] as const;
  const start = ({ source }: { source: string }) => startHost({ auth, projectId, firestore, source, params });
  const ask = async (host: Host, call: string, data: object): Promise<void> => {
    const { status, text } = await callHost(host, call, data, idToken);
    if (status !== 200) throw new Error(`${call} was to answer, found ${text}`);
  };
  const hosts: Host[] = [];
  try {
    const ours = await start(packages[0]);
    hosts.push(ours);
    const bare = await start(packages[1]);
    hosts.push(bare);

    // Both work on sessions of ours, each on one of its own, that hold as much as they ever do.
    const open = async (): Promise<string> => {
      const session_id = randomUUID();
      await ask(ours, 'createSession', { session_id });
      for (let nth = 0; nth < RECENT; nth += 1)
        await ask(ours, 'addMessage', { session_id, ...addMessage() });
      return session_id;
    };
    const sessions = new Map([
      [ours, await open()],
      [bare, await open()],
    ]);
    const costs: [string, CpuCost][] = [];
    for (const [call, data] of Object.entries(calls)) {
      stage.log(`CPU: ${call}.`);
      const run = async (host: Host, times: number): Promise<number> => {
        const session_id = sessions.get(host);
        const before = await cpuMs(host);
        for (let nth = 0; nth < times; nth += 1) await ask(host, call, { session_id, ...data() });
        return ((await cpuMs(host)) - before) / times;
      };
      const asked = async (host: Host): Promise<Cost> => {
        await stage.firestore.take();
        await run(host, 1);
        return stage.firestore.take();
      };
      await run(ours, WARM_UP_CALLS);
      await run(bare, WARM_UP_CALLS);
      mustBeAlike(call, await asked(ours), await asked(bare));
      const batch = (host: Host) => () => run(host, CALLS_PER_ROUND);
      costs.push([call, await compare(rounds, batch(ours), batch(bare))]);
    }
    return Object.fromEntries(costs);
  } finally {
    for (const host of hosts) await host.stop();
    for (const { remove } of packages) remove();
  }
}

function addMessage() {
  return { role: 'user', content: say('user').content };
}

/** Otherwise the difference would not be our own code. */
function mustBeAlike(call: string, ours: Cost, bare: Cost): void {
  const rpcs = [ours, bare].map((cost) => JSON.stringify(cost.rpcs));
  const isClose = (one: number, other: number) => Math.abs(one - other) <= TOLERANCE * one;
  if (rpcs[0] === rpcs[1] && isClose(ours.bytesUp, bare.bytesUp) && isClose(ours.bytesDown, bare.bytesDown))
    return;
  const [found, needed] = [bare, ours].map(
    ({ bytesUp, bytesDown }, side) => `${rpcs[1 - side]} of ${bytesUp} bytes up and ${bytesDown} down`,
  );
  throw new Error(`the bare ${call} was to ask ${needed}, found ${found}`);
}
