import { parentPort } from 'node:worker_threads';
import { playSeeds } from '../../functions/test/simulation/play-seeds.ts';
import type { Block, BlockPlayed } from './play-on-workers.ts';

parentPort?.on('message', async (block: Block) => {
  const { tally, broken } = await playSeeds(block);
  parentPort?.postMessage({ counts: tally.counts, broken } satisfies BlockPlayed);
});
