import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Peer } from '../peers/peer.ts';
import type { MeteredFirestore } from '../proxy/metered-firestore.ts';
import { benchTurn } from '../turn/bench-turn.ts';
import { memoryPeer } from './support/memory-peer.ts';

describe('benchTurn()', () => {
  const forgotten: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    forgotten.push(url.split('/')[4] ?? '');
    response.end();
  });
  let firestore: MeteredFirestore;

  before(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) assert.fail();
    firestore = {
      emulator: `127.0.0.1:${address.port}`,
      address: 'unused',
      delay: async () => {},
      take: async () => ({ rpcs: {}, reads: 2, writes: 0, deletes: 0, bytesUp: 0, bytesDown: 0, trips: 0 }),
      stop: () => assert.fail('nothing is stopped'),
    };
  });

  after(() => server.close());

  /** A peer in memory whose turns fail when told so, and the projects it was connected to. */
  function failing(name: string, fails: (turn: number) => boolean): Peer & { projects: Set<string> } {
    const { connect, ...peer } = memoryPeer();
    const projects = new Set<string>();
    let turns = 0;
    return {
      ...peer,
      name,
      projects,
      connect(conditions) {
        projects.add(conditions.projectId);
        const connection = connect(conditions);
        return {
          ...connection,
          turn: async (...given) => {
            turns += 1;
            if (fails(turns)) throw new Error(`turn ${turns} was refused`);
            return connection.turn(...given);
          },
        };
      },
    };
  }

  it('gives each peer a project of its own, forgets it, and lets a turn that failed be tried once more', async () => {
    // After the warm-up, and with a run between the two.
    const unlucky = failing('unlucky', (turn) => turn === 11 || turn === 13);
    const refusing = failing('refusing', () => true);
    const log: string[] = [];
    const stage = { firestore, projectId: 'demo', log: (line: string) => log.push(line) };
    const results = await benchTurn(stage, { peers: [unlucky, refusing], sizes: [30], runs: 3 });

    const [first, second] = results.map(({ sizes }) => sizes[30]);
    assert.ok(typeof first === 'object' && first.mean.reads === 2, JSON.stringify(first));
    // Two tries of the warm-up, and two of what counts.
    assert.equal(second, 'turn 4 was refused');
    assert.deepEqual(log.filter((line) => line.includes('tries again')).sort(), [
      'refusing tries again after: turn 1 was refused',
      'refusing tries again after: turn 3 was refused',
      'unlucky tries again after: turn 11 was refused',
      'unlucky tries again after: turn 13 was refused',
    ]);
    // The other is that of what it guarantees.
    const own = [unlucky, refusing].map(({ projects }) =>
      [...projects].filter((project) => project !== 'demo'),
    );
    assert.deepEqual(forgotten, own.flat());
    assert.equal(new Set(forgotten).size, 2);
  });
});
