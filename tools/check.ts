import { interruptedCode, onInterrupt } from './support/on-interrupt.ts';
import { runQuietly, runVisibly } from './support/run-command.ts';
import { runMain } from './support/run-main.ts';

// The one gate: all that must hold before a change goes in. The first step that fails ends it.

const steps = [
  { name: 'Format and lint', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'Types', command: 'tsc', args: ['--noEmit', '-p', 'tsconfig.json'] },
];

const interrupted = onInterrupt();
await runMain(async () => {
  for (const { name, command, args } of steps) {
    console.log(`${name}.`);
    await runQuietly(name, command, args);
  }
  console.log('Tests.');
  const code = await runVisibly({ command: 'node', args: ['tools/test.ts'], cancelled: interrupted });
  return code ?? interruptedCode;
});
