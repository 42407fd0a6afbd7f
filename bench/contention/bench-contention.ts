import { say } from '../content.ts';
import { forgetProject } from '../forget-project.ts';
import type { Peer } from '../peers/peer.ts';
import { DELAY_MS, NEVER_IDLE_SECONDS, reasonOf, type Stage, untilBroken } from '../stage.ts';
import { quantile } from '../stats.ts';
import { type Damage, inspect } from './inspect.ts';
import { throughput } from './throughput.ts';
import { writeFor } from './write.ts';

/** Writers in one session, each a server process with a connection of its own. */
export interface Contention extends Damage {
  /** Of turns that ended while turns were begun. */
  readonly messagesPerSecond: number;
  /** Of all turns that succeeded. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Those that succeeded. */
  readonly turns: number;
}

export interface ContentionResult {
  readonly peer: string;
  readonly kind: Peer['kind'];
  /** By the number of writers; a sentence where that was not possible. */
  readonly writers: Readonly<Record<number, Contention | string>>;
}

export interface ContentionOptions {
  readonly peers: readonly Peer[];
  readonly writers: readonly number[];
  /** How long turns are begun. */
  readonly seconds: number;
}

/** Runs until the emulator's engine has compiled what runs there: it does twice as much by then, and somebody is first. */
const WARM_UP = 5;

/** How much writers get done in one session, and what becomes of it, one peer after the other. */
export async function benchContention(
  stage: Stage,
  { peers, writers, seconds }: ContentionOptions,
): Promise<ContentionResult[]> {
  const results: ContentionResult[] = [];
  const most = Math.max(...writers);
  const all = peers.flatMap(contenders);
  for (const contender of all.slice(0, 1)) {
    stage.log('Until the emulator is warm.');
    for (let run = 0; run < WARM_UP; run += 1) await contendFor(stage, contender, most, seconds * 1000);
  }
  for (const contender of all) {
    const { name, peer } = contender;
    stage.log(`Writers in one session: ${name}.`);
    const ofWriters: [number, Contention | string][] = [];
    for (const count of writers) {
      const contend = () => contendFor(stage, contender, count, seconds * 1000);
      ofWriters.push([count, await untilBroken(contend).catch(reasonOf)]);
    }
    results.push({ peer: name, kind: peer.kind, writers: Object.fromEntries(ofWriters) });
  }
  return results;
}

type Contender = { readonly name: string; readonly peer: Peer; readonly oneServer: boolean };

/** Ours alone makes a difference between callers of one server, who go together, and servers, who race. */
function contenders(peer: Peer): Contender[] {
  const apart = { name: peer.name, peer, oneServer: false };
  return peer.kind === 'ours'
    ? [apart, { ...apart, name: `${peer.name}, one server`, oneServer: true }]
    : [apart];
}

async function contendFor(
  stage: Stage,
  { peer, oneServer }: Contender,
  count: number,
  ms: number,
): Promise<Contention> {
  const conditions = { projectId: stage.projectId, idleSeconds: NEVER_IDLE_SECONDS };
  const servers = Array.from({ length: oneServer ? 1 : count }, () => peer.connect(conditions));
  try {
    await stage.firestore.delay(0);
    const [first] = servers;
    if (first === undefined) throw new Error('a server is needed, found none');
    const chat = await first.open('alice', [say('user'), say('assistant')]);
    // A first connection takes longer than a turn, and is not what is asked here.
    await Promise.all(servers.map((server) => server.read(chat)));
    await stage.firestore.delay(DELAY_MS);
    const began = performance.now();
    const goOn = () => performance.now() - began < ms;
    const writers = Array.from({ length: count }, (_, index) => servers[index] ?? first);
    const written = await Promise.all(writers.map((server) => writeFor(server, chat, goOn)));
    await stage.firestore.delay(0);
    const latencies = written.flatMap((writer) => writer.latencies);
    return {
      ...inspect(written, await first.read(chat)),
      messagesPerSecond: throughput(written, { began, ms }),
      p50Ms: quantile(latencies, 0.5),
      p99Ms: quantile(latencies, 0.99),
      turns: latencies.length,
    };
  } finally {
    for (const server of servers) await server.close();
    await forgetProject(stage.firestore.emulator, stage.projectId);
  }
}
