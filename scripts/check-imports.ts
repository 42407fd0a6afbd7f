import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkImports } from './imports/import-rules.ts';
import { readImports } from './imports/read-imports.ts';
import { projectRoot } from './support/folders.ts';
import { runMain } from './support/run-main.ts';

const sources = '{functions,client,testing,web,scripts}/**/*.ts';
const skipped = /(^|\/)(node_modules|lib|dist)(\/|$)/;

await runMain(async () => {
  const files = globSync(sources, { cwd: projectRoot, exclude: (path) => skipped.test(path) });
  const violations = [...new Set(files)].flatMap((file) =>
    checkImports(file, readImports(file, readFileSync(join(projectRoot, file), 'utf8'))),
  );
  for (const violation of violations) console.error(violation);
  return violations.length === 0 ? 0 : 1;
});
