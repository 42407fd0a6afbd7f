import { startSuite } from './emulators/suite.ts';
import { build } from './support/build.ts';
import { typescript } from './support/folders.ts';
import { interruptedCode, onInterrupt } from './support/on-interrupt.ts';
import { runQuietly, runVisibly } from './support/run-command.ts';
import { runMain } from './support/run-main.ts';
import { testEnvironment } from './support/test-environment.ts';

// npm run bench [-- names of benchmarks and options, see bench/main.ts]

const interrupted = onInterrupt();
await runMain(async () => {
  await runQuietly('Checking the types of bench', 'node', [typescript, '-p', 'bench/tsconfig.json']);
  // The suite serves the functions, though what is measured here runs without them.
  await build();
  const suite = await startSuite({ ports: 'free', log: () => {} });
  try {
    const code = await runVisibly({
      command: 'node',
      args: ['bench/main.ts', ...process.argv.slice(2)],
      environment: testEnvironment(suite),
      cancelled: Promise.race([interrupted, suite.ended]),
    });
    return code ?? interruptedCode;
  } finally {
    await suite.stop();
  }
});
