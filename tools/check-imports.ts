import { globSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { projectRoot } from './support/folders.ts';
import { runMain } from './support/run-main.ts';
import { UserError } from './support/user-error.ts';

// Holds every import, also those of types and of tests, to the rules of .dependency-cruiser.cjs.
//
// dependency-cruiser parses by the API of TypeScript. TypeScript 7 has none, so it gets TypeScript 6. Of its other parsers,
// acorn drops imports of types without a message, and the visitor for swc does not know `using`.

const SOURCES = '{packages,functions,tools,examples,web,bench}/**/*.{ts,mjs,cjs}';
const isForeign = (name: string) => /^(node_modules|lib|dist|coverage|results)$/.test(name);

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.replace(/^typescript(?=$|\/)/, 'typescript-6'), context),
});
const { cruise } = await import('dependency-cruiser');
const { default: readConfig } = await import('dependency-cruiser/config-utl/extract-depcruise-options');

await runMain(async () => {
  process.chdir(projectRoot);
  const files = globSync(SOURCES, { exclude: isForeign });
  const config = await readConfig('./.dependency-cruiser.cjs');
  const { output } = await cruise(files, config);
  if (typeof output === 'string') throw new Error('dependency-cruiser must return its result as an object');

  const seen = new Set(output.modules.map(({ source }) => source));
  const missed = files.filter((file) => !seen.has(file));
  if (missed.length > 0) throw new UserError(`dependency-cruiser did not read ${missed.join(', ')}.`);

  const { forbidden = [], required = [] } = output.summary.ruleSetUsed ?? {};
  const why = new Map([...forbidden, ...required].map(({ name, comment }) => [name, comment]));
  const { violations } = output.summary;
  for (const { from, to, cycle, rule } of violations) {
    const path = [from, ...(cycle?.map(({ name }) => name) ?? [to])].join(' imports ');
    console.log(`${path}, but ${why.get(rule.name)} (${rule.name})`);
  }
  return violations.length === 0 ? 0 : 1;
});
