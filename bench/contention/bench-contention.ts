import { randomUUID } from 'node:crypto';
import {
  type BenchContext,
  clearProject,
  DELAY_MS,
  errorText,
  failOnUnhandled,
  NEVER_IDLE_SECONDS,
} from '../bench-context.ts';
import type { Peer } from '../peers/peer.ts';
import { newMessage } from '../sample-messages.ts';
import { type Contention, contentionOf, type Round, throughputOf } from './contention-result.ts';
import { findDamage } from './find-damage.ts';
import { takeTurns } from './take-turns.ts';

export type ContentionResult = {
  peer: string;
  kind: Peer['kind'];
  /** By the number of writers. A text gives the reason why it was not possible. */
  writers: Record<number, Contention | string>;
};

type ContentionOptions = {
  /** The peer that warms the emulator up before the first measurement. */
  warmUp: Peer;
  peers: readonly Peer[];
  /** Numbers of writers and of rounds. More writers take fewer turns each, so their slowest turns need more rounds. */
  writers: readonly { count: number; rounds: number }[];
  /** The time in which the turns of a round begin. */
  seconds: number;
};

/** Rounds before the first measurement. The emulator's throughput doubles until its JIT has compiled the code. */
const WARM_UP_ROUNDS = 5;

type Contender = { name: string; peer: Peer; oneServer: boolean };

/** Measures concurrent writers in one session, one peer after the other. */
export const benchContention = async (
  context: BenchContext,
  { warmUp, peers, writers, seconds }: ContentionOptions,
): Promise<ContentionResult[]> => {
  const results: ContentionResult[] = [];
  const ms = seconds * 1000;
  context.log('Warming the emulator up.');
  const maxCount = Math.max(...writers.map(({ count }) => count));
  for (let nth = 0; nth < WARM_UP_ROUNDS; nth += 1) {
    await runRound(context, { name: warmUp.name, peer: warmUp, oneServer: false }, maxCount, ms);
  }
  for (const contender of peers.flatMap(contendersOf)) {
    const { name, peer } = contender;
    context.log(`Writers in one session: ${name}.`);
    const byCount: [number, Contention | string][] = [];
    for (const { count, rounds } of writers) {
      const contend = async () => {
        const done: Round[] = [];
        while (done.length < rounds) done.push(await runRound(context, contender, count, ms));
        return contentionOf(done);
      };
      byCount.push([count, await failOnUnhandled(contend).catch(errorText)]);
    }
    results.push({ peer: name, kind: peer.kind, writers: Object.fromEntries(byCount) });
  }
  return results;
};

/** Only ours distinguishes callers of one server, which share batches, from servers, which race. */
const contendersOf = (peer: Peer): Contender[] => {
  const apart = { name: peer.name, peer, oneServer: false };
  return peer.kind === 'ours'
    ? [apart, { ...apart, name: `${peer.name}, one server`, oneServer: true }]
    : [apart];
};

/** Runs in a project of its own, so that leftover work of a failed peer writes into no other round. */
const runRound = async (
  { firestore }: BenchContext,
  { peer, oneServer }: Contender,
  count: number,
  ms: number,
): Promise<Round> => {
  const projectId = `demo-bench-${randomUUID()}`;
  const conditions = { projectId, idleSeconds: NEVER_IDLE_SECONDS };
  const servers = Array.from({ length: oneServer ? 1 : count }, () => peer.connect(conditions));
  try {
    await firestore.delay(0);
    const [first] = servers;
    if (first === undefined) throw new Error('a server is required, found none');
    const chat = await first.open('alice', [newMessage('user'), newMessage('assistant')]);
    // Opening a connection takes longer than a turn, and is not measured here.
    await Promise.all(servers.map((server) => server.read(chat)));
    await firestore.delay(DELAY_MS);
    const startedAt = performance.now();
    const isOpen = () => performance.now() - startedAt < ms;
    const writers = Array.from({ length: count }, (_, index) => servers[index] ?? first);
    const logs = await Promise.all(writers.map((server) => takeTurns(server, chat, isOpen)));
    await firestore.delay(0);
    return {
      ...findDamage(logs, await first.read(chat)),
      messagesPerSecond: throughputOf(logs, startedAt, ms),
      latencies: logs.flatMap(({ latencies }) => latencies),
    };
  } finally {
    for (const server of servers) await server.close();
    await clearProject(firestore.emulator, projectId);
  }
};
