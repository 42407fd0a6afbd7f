import { randomUUID } from 'node:crypto';
import type { IndexFile } from 'kb-sessions-testing/internal/indexes/index-file';
import { type BenchContext, NEVER_IDLE_SECONDS } from '../bench-context.ts';
import { conversation, say } from '../content.ts';
import { deployed } from '../jobs/deployed.ts';
import type { Peer } from '../peers/peer.ts';
import { type Footprint, footprintOf } from './footprint.ts';
import { forTwoUsers } from './for-two-users.ts';
import { measureOperations } from './measure-operations.ts';
import type { ScaleResults } from './scale-results.ts';
import { takeSnapshot } from './snapshot.ts';

const AUTOMATIC: IndexFile = { indexes: [], fieldOverrides: [] };
const LENGTH = 30;

/** What the operations around a turn cost, and where they and the turns of peers write. */
export async function benchScale(stage: BenchContext, peers: readonly Peer[]): Promise<ScaleResults> {
  stage.log('What the operations around a turn cost.');
  const ours = await measureOperations(stage);
  const footprints = [];
  for (const peer of peers) {
    stage.log(`Where a turn writes: ${peer.name}.`);
    footprints.push({ peer: peer.name, footprint: await footprintOfPeer(peer) });
  }
  return { ...ours, peers: footprints };
}

async function footprintOfPeer(peer: Peer): Promise<Footprint> {
  const projectId = `demo-bench-${randomUUID()}`;
  const { db } = deployed(projectId);
  const connection = peer.connect({ projectId, idleSeconds: NEVER_IDLE_SECONDS });
  const [one, other] = await forTwoUsers(async (user) => {
    const chat = await connection.open(user, conversation(LENGTH));
    const snapshots = [await takeSnapshot(db)];
    // One in between, because many write the same document with the question and with the answer.
    await connection.turn(chat, say('user'), async () => {
      snapshots.push(await takeSnapshot(db));
      return say('assistant');
    });
    snapshots.push(await takeSnapshot(db));
    return snapshots;
  });
  await connection.close();
  await db.terminate();
  return footprintOf(AUTOMATIC, one, other);
}
