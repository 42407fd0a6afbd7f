import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Peer } from '../peers/peer.ts';
import { benchTurn } from '../turn/bench-turn.ts';
import { fakeFirestore } from './support/fake-firestore.ts';
import { memoryPeer } from './support/memory-peer.ts';

/** A memory peer of which some turns fail, and the projects of its connections. */
const failingPeer = (name: string, fails: (turn: number) => boolean): Peer & { projects: Set<string> } => {
  const { connect, kind } = memoryPeer();
  const projects = new Set<string>();
  let turns = 0;
  return {
    name,
    kind,
    projects,
    connect(conditions) {
      projects.add(conditions.projectId);
      const connection = connect(conditions);
      return {
        ...connection,
        turn: async (...args) => {
          turns += 1;
          if (fails(turns)) throw new Error(`turn ${turns} was refused`);
          return connection.turn(...args);
        },
      };
    },
  };
};

describe('benchTurn()', () => {
  const cleared: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    cleared.push(url.split('/')[4] ?? '');
    response.end();
  });

  before(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });

  after(() => server.close());

  it('retries a failed turn once, and gives each peer a project of its own, which it clears', async () => {
    const address = server.address();
    if (typeof address !== 'object' || address === null) assert.fail();
    // After the warm-up, with a successful run between the failures.
    const unlucky = failingPeer('unlucky', (turn) => turn === 11 || turn === 13);
    const refusing = failingPeer('refusing', () => true);
    const log: string[] = [];
    const context = {
      firestore: fakeFirestore(`127.0.0.1:${address.port}`),
      projectId: 'demo',
      log: (line: string) => log.push(line),
    };
    const results = await benchTurn(context, { peers: [unlucky, refusing], sizes: [30], runs: 3 });

    const [first, second] = results.map(({ sizes }) => sizes[30]);
    assert.equal(typeof first, 'object');
    // Two attempts in the warm-up, and two in the measurement.
    assert.equal(second, 'turn 4 was refused');
    assert.deepEqual(log.filter((line) => line.includes('retries')).sort(), [
      'refusing retries after: turn 1 was refused',
      'refusing retries after: turn 3 was refused',
      'unlucky retries after: turn 11 was refused',
      'unlucky retries after: turn 13 was refused',
    ]);
    // The guarantees are checked in the project `demo`.
    const own = [unlucky, refusing].flatMap(({ projects }) => [...projects].filter((id) => id !== 'demo'));
    assert.deepEqual(cleared, own);
    assert.equal(new Set(cleared).size, 2);
  });
});
