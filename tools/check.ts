import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { commands } from './commands.cjs';
import { typescript } from './support/folders.ts';
import { onInterrupt } from './support/on-interrupt.ts';
import { runQuietly } from './support/run-command.ts';
import { runMain } from './support/run-main.ts';
import { UsageError } from './support/user-error.ts';
import { withProgress } from './support/with-progress.ts';

// npm run check: the gate, everything that must hold of the code before its tests run. The quick steps come first, and the
// first one that fails ends it.

const script = (file: string, ...args: string[]) => ({ command: 'node', args: [file, ...args] });
const types = (project: string) => script(typescript, '--noEmit', '-p', project);

const STEPS = [
  { name: 'locks', title: 'Lock files', ...script('tools/check-locks.ts') },
  { name: 'lint', title: 'Format and lint', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'types', title: 'Types of everything', ...types('tsconfig.json') },
  { name: 'types-functions', title: 'Types of the functions alone', ...types('functions/tsconfig.json') },
  {
    name: 'types-client',
    title: 'Types of the client without Node',
    ...types('packages/client/tsconfig.json'),
  },
  {
    name: 'types-contract',
    title: 'Types of the contract without Node',
    ...types('packages/contract/tsconfig.json'),
  },
  { name: 'imports', title: 'Import directions and cycles', ...script('tools/check-imports.ts') },
  {
    name: 'unused',
    title: 'Unused files, exports and dependencies',
    command: 'knip',
    args: ['--treat-config-hints-as-errors'],
  },
  { name: 'pages', title: 'Generated pages', ...script('tools/docs.ts', '--check') },
  {
    name: 'generated',
    title: "The client's generated types",
    ...script('tools/generate-types.ts', '--check'),
  },
  { name: 'packages', title: 'Packages and their API', ...script('tools/check-packages.ts') },
];

const interrupted = onInterrupt();
await runMain(async () => {
  const { values, positionals } = parseArgs({ options: commands.check.options, allowPositionals: true });
  if (values.list) {
    for (const { name, title } of STEPS) console.log(`${name.padEnd(16)}${title}`);
    return 0;
  }
  const unknown = positionals.filter((given) => STEPS.every(({ name }) => name !== given));
  if (unknown.length > 0)
    throw new UsageError(`Unknown step ${unknown.join(', ')}. See \`npm run check -- --list\`.`);
  for (const { name, title, command, args } of STEPS) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const startedAt = performance.now();
    await withProgress(title, runQuietly(title, command, args, interrupted));
    console.log(`${title}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  return 0;
});
