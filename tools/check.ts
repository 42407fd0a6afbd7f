import { performance } from 'node:perf_hooks';
import { checkImports } from './check-imports.ts';
import { typescript } from './support/folders.ts';
import { readOptions } from './support/read-options.ts';
import { runQuietly } from './support/run-command.ts';
import { runMain } from './support/run-main.ts';

// npm run check: the gate, all that must hold of the code before its tests run. The first step that fails ends it.

const HELP = `Usage: npm run check

Checks format, lint, types, import directions, unused code, lock files, generated pages and packages. It runs no tests:
npm test does.`;

const tsc = (project: string) => ({ command: 'node', args: [typescript, '--noEmit', '-p', project] });
const script = (file: string, ...args: string[]) => ({ command: 'node', args: [file, ...args] });

const STEPS = [
  { name: 'Format and lint', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'Types of everything', ...tsc('tsconfig.json') },
  { name: 'Types of the functions alone', ...tsc('functions/tsconfig.json') },
  { name: 'Types of the client without Node', ...tsc('packages/client/tsconfig.json') },
  { name: 'Types of the contract without Node', ...tsc('packages/contract/tsconfig.json') },
  { name: 'Import directions and cycles', run: checkImports },
  {
    name: 'Unused files, exports and dependencies',
    command: 'knip',
    args: ['--treat-config-hints-as-errors'],
  },
  { name: 'Lock files', ...script('tools/check-locks.ts') },
  { name: 'Generated pages', ...script('tools/docs.ts', '--check') },
  { name: "The client's generated types", ...script('tools/generate-types.ts', '--check') },
  { name: 'Packages and their API', ...script('tools/check-packages.ts') },
];

await runMain(async () => {
  readOptions(HELP);
  for (const step of STEPS) {
    const startedAt = performance.now();
    if ('run' in step) await step.run();
    else await runQuietly(step.name, step.command, step.args);
    console.log(`${step.name}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  return 0;
});
