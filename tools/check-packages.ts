import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareApiReports } from './packs/api-reports.ts';
import { buildPackages } from './packs/build-packages.ts';
import { type Pack, packPackages } from './packs/pack-packages.ts';
import { runQuietly } from './support/run-command.ts';
import { runMain } from './support/run-main.ts';
import { UserError } from './support/user-error.ts';

// npm run check:packages [-- --write]: builds and packs what is published, and checks the packs: their form (publint),
// their types (are-the-types-wrong), and their public API, which --write accepts as it is.

const ADVICE =
  'A change of the public API needs a changeset. To accept it: npm run check:packages -- --write';

await runMain(async () => {
  const [option, ...more] = process.argv.slice(2);
  if (more.length > 0 || (option !== undefined && option !== '--write')) {
    console.error(`Unknown option ${more[0] ?? option}. Usage: npm run check:packages [-- --write]`);
    return 2;
  }
  const out = mkdtempSync(join(tmpdir(), 'kb-packs-'));
  try {
    await buildPackages();
    for (const pack of packPackages(out)) await checkPack(pack);
    const differences = compareApiReports({ write: option === '--write' });
    if (differences.length > 0) throw new UserError([...differences, ADVICE].join('\n'));
    return 0;
  } finally {
    rmSync(out, { recursive: true });
  }
});

async function checkPack({ name, file }: Pack): Promise<void> {
  await runQuietly(`publint on ${name}`, 'publint', ['run', file, '--strict', '--level', 'warning']);
  await runQuietly(`are-the-types-wrong on ${name}`, 'attw', ['--profile', 'esm-only', file]);
}
