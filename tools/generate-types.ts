import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandsFolder, projectRoot } from './support/folders.ts';
import { runMain } from './support/run-main.ts';
import { UserError } from './support/user-error.ts';
import { contractTypes } from './types/contract-types.ts';

// npm run types:generate [-- --check]: writes the client's plain types of the contract; with --check it only compares.

const FILE = 'packages/client/src/contract-types.ts';

await runMain(async () => {
  const [option, ...more] = process.argv.slice(2);
  if (more.length > 0 || (option !== undefined && option !== '--check')) {
    console.error(`Unknown option ${more[0] ?? option}. Usage: npm run types:generate [-- --check]`);
    return 2;
  }
  const path = join(projectRoot, FILE);
  const content = format(contractTypes());
  if (option === undefined) writeFileSync(path, content);
  else if (readFileSync(path, 'utf8') !== content)
    throw new UserError(`${FILE} differs from the contract: run \`npm run types:generate\`.`);
  return 0;
});

function format(source: string): string {
  const args = ['format', `--stdin-file-path=${FILE}`];
  const biome = spawnSync(join(commandsFolder, 'biome'), args, {
    input: source,
    encoding: 'utf8',
    cwd: projectRoot,
  });
  if (biome.status !== 0) throw new UserError(`${biome.stderr}\nBiome could not format the types.`);
  return biome.stdout;
}
