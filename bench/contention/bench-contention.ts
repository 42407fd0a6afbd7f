import { randomUUID } from 'node:crypto';
import { type BenchContext, DELAY_MS, NEVER_IDLE_SECONDS, reasonOf, untilBroken } from '../bench-context.ts';
import { clearProject } from '../clear-project.ts';
import { say } from '../content.ts';
import type { Peer } from '../peers/peer.ts';
import { type Contention, ofRounds, type Round } from './contention.ts';
import { inspect } from './inspect.ts';
import { throughput } from './throughput.ts';
import { writeFor } from './write.ts';

export interface ContentionResult {
  readonly peer: string;
  readonly kind: Peer['kind'];
  /** By the number of writers; a sentence where that was not possible. */
  readonly writers: Readonly<Record<number, Contention | string>>;
}

export interface ContentionOptions {
  /** Who writes first, until the emulator is warm, and is not measured then. */
  readonly warmUp: Peer;
  readonly peers: readonly Peer[];
  /** How often so many write. The more there are, the fewer turns each of them takes, and the slowest count. */
  readonly writers: readonly { readonly count: number; readonly rounds: number }[];
  /** How long turns are begun in a round. */
  readonly seconds: number;
}

/** Rounds until the emulator's engine has compiled what runs there: it does twice as much by then, and somebody is first. */
const WARM_UP = 5;

/** How much writers get done in one session, and what becomes of it, one peer after the other. */
export async function benchContention(
  stage: BenchContext,
  { warmUp, peers, writers, seconds }: ContentionOptions,
): Promise<ContentionResult[]> {
  const results: ContentionResult[] = [];
  const ms = seconds * 1000;
  stage.log('Until the emulator is warm.');
  const most = Math.max(...writers.map(({ count }) => count));
  for (let nth = 0; nth < WARM_UP; nth += 1) await round(stage, { peer: warmUp, oneServer: false }, most, ms);
  for (const contender of peers.flatMap(contenders)) {
    const { name, peer } = contender;
    stage.log(`Writers in one session: ${name}.`);
    const ofWriters: [number, Contention | string][] = [];
    for (const { count, rounds } of writers) {
      const contend = async () => {
        const done: Round[] = [];
        while (done.length < rounds) done.push(await round(stage, contender, count, ms));
        return ofRounds(done);
      };
      ofWriters.push([count, await untilBroken(contend).catch(reasonOf)]);
    }
    results.push({ peer: name, kind: peer.kind, writers: Object.fromEntries(ofWriters) });
  }
  return results;
}

type Contender = { readonly peer: Peer; readonly oneServer: boolean };

/** Ours alone makes a difference between callers of one server, who go together, and servers, who race. */
function contenders(peer: Peer): (Contender & { readonly name: string })[] {
  const apart = { name: peer.name, peer, oneServer: false };
  return peer.kind === 'ours'
    ? [apart, { ...apart, name: `${peer.name}, one server`, oneServer: true }]
    : [apart];
}

/** In a project of its own: whatever of one that broke still runs writes into no other. */
async function round(
  stage: BenchContext,
  { peer, oneServer }: Contender,
  count: number,
  ms: number,
): Promise<Round> {
  const projectId = `demo-bench-${randomUUID()}`;
  const conditions = { projectId, idleSeconds: NEVER_IDLE_SECONDS };
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
    return {
      ...inspect(written, await first.read(chat)),
      messagesPerSecond: throughput(written, { began, ms }),
      latencies: written.flatMap(({ latencies }) => latencies),
    };
  } finally {
    for (const server of servers) await server.close();
    await clearProject(stage.firestore.emulator, projectId);
  }
}
