import { type BenchContext, NEVER_IDLE_SECONDS, reasonOf } from '../bench-context.ts';
import { clearProject } from '../clear-project.ts';
import { guarantees } from '../guarantees/all.ts';
import { checkGuarantee } from '../guarantees/guarantee.ts';
import type { Connection, Peer } from '../peers/peer.ts';
import { shuffled } from '../shuffled.ts';
import { median } from '../stats.ts';
import { costOfRuns } from './cost-of-runs.ts';
import { type Run, TurnMeter } from './measure-turn.ts';
import type { TurnCost, TurnResult } from './turn-result.ts';

/** Runs of each until the engine has compiled what runs; the first size would be measured before that. */
const WARM_UP = 10;

export interface TurnOptions {
  readonly peers: readonly Peer[];
  /** Messages that a session holds. */
  readonly sizes: readonly number[];
  readonly runs: number;
}

/** One turn of each peer on sessions of each size, interleaved, and what each peer guarantees. */
export async function benchTurn(
  stage: BenchContext,
  { peers, sizes, runs }: TurnOptions,
): Promise<TurnResult[]> {
  const costs = new Map<number, Map<Peer, TurnCost | string>>();
  // Several write collections of the same name, and the emulator's queries look at all of one.
  const projects = new Map(peers.map((peer, nth) => [peer, `${stage.projectId}-${nth}`]));
  const connections = new Map(
    [...projects].map(([peer, projectId]) => [
      peer,
      peer.connect({ projectId, idleSeconds: NEVER_IDLE_SECONDS }),
    ]),
  );
  for (const [nth, size] of sizes.entries()) {
    stage.log(`Turns on sessions of ${size} messages.`);
    if (nth === 0) await runAll(stage, connections, size, WARM_UP);
    costs.set(size, summary(await runAll(stage, connections, size, runs)));
  }
  for (const connection of connections.values()) await connection.close();
  for (const projectId of projects.values()) await clearProject(stage.firestore.emulator, projectId);
  await stage.firestore.delay(0);
  const results: TurnResult[] = [];
  for (const peer of peers) {
    stage.log(`What ${peer.name} guarantees.`);
    const verdicts = [];
    for (const guarantee of guarantees) {
      verdicts.push(await checkGuarantee(guarantee, peer, stage.projectId));
    }
    const ofSizes = sizes.map((size) => [size, costs.get(size)?.get(peer) ?? 'not measured'] as const);
    results.push({
      peer: peer.name,
      kind: peer.kind,
      sizes: Object.fromEntries(ofSizes),
      guarantees: verdicts,
    });
  }
  return results;
}

/** The runs of each peer, or why it has none: whoever fails twice in a row is out. */
async function runAll(
  stage: BenchContext,
  connections: ReadonlyMap<Peer, Connection>,
  size: number,
  runs: number,
): Promise<Map<Peer, Run[] | string>> {
  const meters = new Map([...connections].map(([peer, open]) => [peer, new TurnMeter(stage, open, size)]));
  const measured = new Map<Peer, Run[] | string>([...meters.keys()].map((peer) => [peer, []]));
  for (let round = 0; round < runs; round += 1) {
    for (const [peer, meter] of shuffled([...meters])) {
      const before = measured.get(peer);
      if (!Array.isArray(before)) continue;
      try {
        before.push(await runOrTryAgain(stage, peer, meter));
      } catch (error) {
        measured.set(peer, reasonOf(error));
      }
    }
  }
  return measured;
}

/** One failure may be chance. */
async function runOrTryAgain({ log }: BenchContext, { name }: Peer, meter: TurnMeter): Promise<Run> {
  try {
    return await meter.run();
  } catch (error) {
    log(`${name} tries again after: ${reasonOf(error)}`);
    return meter.run();
  }
}

function summary(measured: ReadonlyMap<Peer, Run[] | string>): Map<Peer, TurnCost | string> {
  const floorA = [...measured].find(([{ name }]) => name.startsWith('floor A'))?.[1];
  const base = Array.isArray(floorA) ? median(floorA.map(({ ms }) => ms)) : Number.NaN;
  return new Map(
    [...measured].map(([peer, runs]) => [peer, typeof runs === 'string' ? runs : costOfRuns(runs, base)]),
  );
}
