import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackages } from './packs/build-packages.ts';
import { packPackages } from './packs/pack-packages.ts';
import { projectRoot } from './support/folders.ts';
import { runMain } from './support/run-main.ts';

// npm run pack [-- folder]: builds the published packages and packs them into `packs/`, or another folder.

const { positionals } = parseArgs({ allowPositionals: true });

await runMain(async () => {
  await buildPackages();
  const packs = packPackages(resolve(projectRoot, positionals[0] ?? 'packs'));
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
  for (const { file, packedBytes, unpackedBytes, files } of packs)
    console.log(`${file}: ${kilobytes(packedBytes)}, ${kilobytes(unpackedBytes)} unpacked, ${files} files`);
  return 0;
});
