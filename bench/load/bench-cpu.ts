import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Cost, callHost, createUser, type Host, runningSuite, startHost } from 'kb-sessions-testing';
import type { BenchContext } from '../bench-context.ts';
import { deployed } from '../target.ts';
import { type CpuCost, compare } from './compare.ts';
import { cpuMs, measureCpu } from './measure-cpu.ts';
import { openFullSession, question, RECENT } from './open-full-session.ts';
import { PARAMS, UNCHECKED_TOKENS } from './params.ts';

/** What a call costs of Firestore, and the length of its answer. */
interface Exchanged extends Cost {
  readonly answer: number;
}

/** Until the engine has compiled for good what is called. */
const WARM_UP_ROUNDS = 12;
const CALLS_PER_BATCH = 50;
/** By how much the two may differ in bytes to and from Firestore, and in what they answer: numbers are not always as long. */
const TOLERANCE = 0.01;

/** What each is called with, beside a session. */
const calls: Readonly<Record<string, () => object>> = {
  getSession: () => ({}),
  addMessage: question,
  getHistory: () => ({ limit: RECENT }),
};

/** By call, what our functions take beside callables that ask the same of Firestore, with one caller, and no delay. */
export async function benchCpu(
  stage: BenchContext,
  rounds: number,
): Promise<Readonly<Record<string, CpuCost>>> {
  const { auth, projectId } = runningSuite();
  const { idToken } = await createUser({ auth, projectId });
  const firestore = stage.firestore.address;
  const params = { ...deployed.params, ...PARAMS, ...UNCHECKED_TOKENS };
  const start = (module: string) =>
    startHost({ auth, projectId, firestore, source: measureCpu(module), params });
  const ask = async (host: Host, call: string, data: object): Promise<number> => {
    const { status, text } = await callHost(host, call, data, idToken);
    if (status !== 200) throw new Error(`${call} was to answer, found ${text}`);
    return text.length;
  };
  const hosts: Host[] = [];
  try {
    const ours = await start(join(deployed.source, deployed.main));
    hosts.push(ours);
    const bare = await start(join(import.meta.dirname, 'bare-callables.ts'));
    hosts.push(bare);

    // Both work on sessions of ours, each on one of its own, that hold as much as they ever do.
    const open = () => openFullSession((call, data) => ask(ours, call, data));
    const sessions = new Map([
      [ours, await open()],
      [bare, await open()],
    ]);
    const askOnce = (host: Host, call: string) =>
      ask(host, call, { session_id: sessions.get(host), ...calls[call]?.() });
    const batch = (host: Host, call: string) => async () => {
      const before = await cpuMs(host);
      for (let nth = 0; nth < CALLS_PER_BATCH; nth += 1) await askOnce(host, call);
      return ((await cpuMs(host)) - before) / CALLS_PER_BATCH;
    };
    const exchanged = async (host: Host, call: string): Promise<Exchanged> => {
      await stage.firestore.take();
      const answer = await askOnce(host, call);
      return { ...(await stage.firestore.take()), answer };
    };
    const batches = Object.fromEntries(
      Object.keys(calls).map((call) => [call, { ours: batch(ours, call), bare: batch(bare, call) }]),
    );
    stage.log('CPU: warming up.');
    await compare(WARM_UP_ROUNDS, batches);
    for (const call of Object.keys(calls)) {
      // Once a minute a call of ours also asks who was erased: not twice in a row.
      const twice = [await exchanged(ours, call), await exchanged(ours, call)] as const;
      const least = twice[0].bytesUp < twice[1].bytesUp ? twice[0] : twice[1];
      mustBeAlike(call, least, await exchanged(bare, call));
    }
    stage.log(`CPU: ${rounds} rounds.`);
    return await compare(rounds, batches);
  } finally {
    for (const host of hosts) await host.stop();
  }
}

/** Otherwise the difference would not be our own code. */
function mustBeAlike(call: string, ours: Exchanged, bare: Exchanged): void {
  const isClose = (one: number, other: number) => Math.abs(one - other) <= TOLERANCE * one;
  const [needed, found] = [ours, bare].map(({ rpcs, bytesUp, bytesDown, answer }) =>
    JSON.stringify({ rpcs, bytesUp, bytesDown, answer }),
  );
  if (
    !isDeepStrictEqual(ours.rpcs, bare.rpcs) ||
    !(['bytesUp', 'bytesDown', 'answer'] as const).every((size) => isClose(ours[size], bare[size]))
  ) {
    throw new Error(`the bare ${call} was to exchange ${needed}, found ${found}`);
  }
}
