import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Cost, callHost, createUser, type Host, runningSuite, startHost } from 'kb-sessions-testing';
import { type BenchContext, temporaryFolder } from '../bench-context.ts';
import { deployedBuild } from '../function-builds.ts';
import { type CpuCost, compareCpu } from './compare-cpu.ts';
import { LOAD_PARAMS, newQuestion, openFullSession, RECENT_MESSAGES } from './full-session.ts';

/** The cost of a call in Firestore, and the length of its answer. */
type Exchange = Cost & { answer: number };

/** Rounds before the measurement, until the JIT has compiled the code. */
const WARM_UP_ROUNDS = 12;
const CALLS_PER_BATCH = 50;
/** The tolerated difference in bytes to and from Firestore and to the caller. Numbers vary in length. */
const TOLERANCE = 0.01;

/**
 * The framework then accepts ID tokens without a check. Production checks a signature. Here the check would be a call to
 * the Auth emulator over HTTP, which would hide the difference.
 */
const UNCHECKED_TOKENS = {
  FIREBASE_DEBUG_MODE: 'true',
  FIREBASE_DEBUG_FEATURES: '{"skipTokenVerification":true}',
};

/** The input of each call in addition to the session. */
const calls: Record<string, () => object> = {
  getSession: () => ({}),
  addMessage: newQuestion,
  getHistory: () => ({ limit: RECENT_MESSAGES }),
};

/** Measures the CPU time of our functions beside callables with the same RPCs: one caller, no delay. Keyed by call. */
export const benchCpu = async (context: BenchContext, rounds: number): Promise<Record<string, CpuCost>> => {
  const { auth, projectId } = runningSuite();
  const { idToken } = await createUser({ auth, projectId });
  const firestore = context.firestore.address;
  const params = { ...deployedBuild.params, ...LOAD_PARAMS, ...UNCHECKED_TOKENS };
  const start = (module: string) =>
    startHost({ auth, projectId, firestore, source: withCpuCall(module), params });
  const call = async (host: Host, name: string, data: object): Promise<number> => {
    const { status, text } = await callHost(host, name, data, idToken);
    if (status !== 200) throw new Error(`${name} must succeed, found ${text}`);
    return text.length;
  };
  const hosts: Host[] = [];
  try {
    const ours = await start(join(deployedBuild.source, deployedBuild.main));
    hosts.push(ours);
    const bare = await start(join(import.meta.dirname, 'bare-callables.ts'));
    hosts.push(bare);

    // Both use our sessions, each one of its own, with as many messages as their documents ever hold.
    const open = () => openFullSession((name, data) => call(ours, name, data));
    const sessions = new Map([
      [ours, await open()],
      [bare, await open()],
    ]);
    const callOnce = (host: Host, name: string) =>
      call(host, name, { session_id: sessions.get(host), ...calls[name]?.() });
    const batch = (host: Host, name: string) => async () => {
      const before = await cpuMsOf(host);
      for (let nth = 0; nth < CALLS_PER_BATCH; nth += 1) await callOnce(host, name);
      return ((await cpuMsOf(host)) - before) / CALLS_PER_BATCH;
    };
    const exchange = async (host: Host, name: string): Promise<Exchange> => {
      await context.firestore.take();
      const answer = await callOnce(host, name);
      return { ...(await context.firestore.take()), answer };
    };
    const batches = Object.fromEntries(
      Object.keys(calls).map((name) => [name, { ours: batch(ours, name), bare: batch(bare, name) }]),
    );
    context.log('CPU: warming up.');
    await compareCpu(WARM_UP_ROUNDS, batches);
    for (const name of Object.keys(calls)) {
      // Once a minute a call of ours also reads the tombstones: never twice in a row.
      const [first, second] = [await exchange(ours, name), await exchange(ours, name)];
      assertSimilar(name, first.bytesUp < second.bytesUp ? first : second, await exchange(bare, name));
    }
    context.log(`CPU: ${rounds} rounds.`);
    return await compareCpu(rounds, batches);
  } finally {
    for (const host of hosts) await host.stop();
  }
};

/** Without the same exchange, the difference in CPU time would not be that of our own code. */
const assertSimilar = (name: string, ours: Exchange, bare: Exchange): void => {
  const sizes = ['bytesUp', 'bytesDown', 'answer'] as const;
  const isSimilar = sizes.every((size) => Math.abs(ours[size] - bare[size]) <= TOLERANCE * ours[size]);
  if (isSimilar && isDeepStrictEqual(ours.rpcs, bare.rpcs)) return;
  const [expected, found] = [ours, bare].map(({ rpcs, bytesUp, bytesDown, answer }) =>
    JSON.stringify({ rpcs, bytesUp, bytesDown, answer }),
  );
  throw new Error(`the bare ${name} must exchange ${expected}, found ${found}`);
};

/** A call that returns the CPU time of the process. No call of ours has this name. */
const CPU_CALL = 'cpu';

/**
 * Creates a package folder with the function of a module and the call {@link CPU_CALL}. The process itself reports its
 * CPU time, because that is exact to the microsecond on every system.
 */
const withCpuCall = (module: string): string => {
  const source = temporaryFolder();
  writeFileSync(join(source, '.env'), '');
  writeFileSync(join(source, 'package.json'), '{ "main": "index.js" }');
  writeFileSync(
    join(source, 'index.js'),
    `const { sessions } = require(${JSON.stringify(module)});
exports.sessions = (request, response) =>
  request.path.endsWith('/${CPU_CALL}') ? response.json(process.cpuUsage()) : sessions(request, response);
`,
  );
  return source;
};

/** Returns the CPU time of a host so far, of all its threads, in milliseconds. */
const cpuMsOf = async (host: Host): Promise<number> => {
  const { text } = await callHost(host, CPU_CALL, null);
  const { user, system }: NodeJS.CpuUsage = JSON.parse(text);
  return (user + system) / 1000;
};
