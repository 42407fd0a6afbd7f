import { type BenchContext, clearProject, errorText, NEVER_IDLE_SECONDS } from '../bench-context.ts';
import { checkGuarantee } from '../guarantees/check-guarantee.ts';
import { guarantees } from '../guarantees/guarantees.ts';
import type { Connection, Peer } from '../peers/peer.ts';
import { median, shuffled } from '../stats.ts';
import { TurnMeter } from './turn-meter.ts';
import { type Run, type TurnCost, type TurnResult, turnCostOf } from './turn-result.ts';

/** Runs before the first size is measured, until the JIT has compiled the code. */
const WARM_UP_RUNS = 10;

type TurnOptions = {
  peers: readonly Peer[];
  /** Numbers of messages in a session. */
  sizes: readonly number[];
  runs: number;
};

/** Measures turns of all peers on sessions of each size, interleaved, and checks the guarantees of each peer. */
export const benchTurn = async (
  context: BenchContext,
  { peers, sizes, runs }: TurnOptions,
): Promise<TurnResult[]> => {
  const costs = new Map<number, Map<Peer, TurnCost | string>>();
  // Several peers use collections of the same name, and a query of the emulator scans all documents of one.
  const projects = new Map(peers.map((peer, nth) => [peer, `${context.projectId}-${nth}`]));
  const connections = new Map(
    [...projects].map(([peer, projectId]) => [
      peer,
      peer.connect({ projectId, idleSeconds: NEVER_IDLE_SECONDS }),
    ]),
  );
  for (const [nth, size] of sizes.entries()) {
    context.log(`Turns on sessions of ${size} messages.`);
    if (nth === 0) await runAll(context, connections, size, WARM_UP_RUNS);
    costs.set(size, costsOf(await runAll(context, connections, size, runs)));
  }
  for (const connection of connections.values()) await connection.close();
  for (const projectId of projects.values()) await clearProject(context.firestore.emulator, projectId);
  await context.firestore.delay(0);
  const results: TurnResult[] = [];
  for (const peer of peers) {
    context.log(`Guarantees of ${peer.name}.`);
    const verdicts = [];
    for (const guarantee of guarantees) {
      verdicts.push(await checkGuarantee(guarantee, peer, context.projectId));
    }
    const bySize = sizes.map((size) => [size, costs.get(size)?.get(peer) ?? 'not measured'] as const);
    results.push({
      peer: peer.name,
      kind: peer.kind,
      sizes: Object.fromEntries(bySize),
      guarantees: verdicts,
    });
  }
  return results;
};

/** Returns the runs of each peer, or the error of a peer that failed twice in a row and was excluded. */
const runAll = async (
  context: BenchContext,
  connections: ReadonlyMap<Peer, Connection>,
  size: number,
  runs: number,
): Promise<Map<Peer, Run[] | string>> => {
  const meters = [...connections].map(
    ([peer, connection]) => [peer, new TurnMeter(context, connection, size)] as const,
  );
  const measured = new Map<Peer, Run[] | string>(meters.map(([peer]) => [peer, []]));
  for (let round = 0; round < runs; round += 1) {
    for (const [peer, meter] of shuffled(meters)) {
      const previous = measured.get(peer);
      if (!Array.isArray(previous)) continue;
      try {
        previous.push(await runWithRetry(context, peer, meter));
      } catch (error) {
        measured.set(peer, errorText(error));
      }
    }
  }
  return measured;
};

/** Retries once, because one failure may be chance. */
const runWithRetry = async ({ log }: BenchContext, { name }: Peer, meter: TurnMeter): Promise<Run> => {
  try {
    return await meter.run();
  } catch (error) {
    log(`${name} retries after: ${errorText(error)}`);
    return meter.run();
  }
};

const costsOf = (measured: ReadonlyMap<Peer, Run[] | string>): Map<Peer, TurnCost | string> => {
  const floorA = [...measured].find(([{ name }]) => name.startsWith('floor A'))?.[1];
  const floorAMs = Array.isArray(floorA) ? median(floorA.map(({ ms }) => ms)) : Number.NaN;
  return new Map(
    [...measured].map(([peer, runs]) => [peer, typeof runs === 'string' ? runs : turnCostOf(runs, floorAMs)]),
  );
};
