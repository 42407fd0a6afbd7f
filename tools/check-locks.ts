import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareLocks, type Lock, type Manifest } from './locks/compare-locks.ts';
import { projectRoot } from './support/folders.ts';
import { runMain } from './support/run-main.ts';
import { UserError } from './support/user-error.ts';

// The functions are built with the root's lock and deployed with functions/package-lock.json: the two must agree.

const read = <Content>(file: string): Content =>
  JSON.parse(readFileSync(join(projectRoot, file), 'utf8')) as Content;

await runMain(async () => {
  const findings = compareLocks({
    root: read<Lock>('package-lock.json'),
    functions: read<Lock>('functions/package-lock.json'),
    manifest: read<Manifest>('functions/package.json'),
  });
  if (findings.length === 0) return 0;
  const advice = 'Run `npm install --package-lock-only --workspaces=false` in functions/.';
  throw new UserError([...findings, advice].join('\n'));
});
