import { typescript } from './support/folders.ts';
import { interruptedCode, onInterrupt } from './support/on-interrupt.ts';
import { runQuietly, runVisibly } from './support/run-command.ts';
import { runMain } from './support/run-main.ts';
import { startProject } from './support/start-project.ts';
import { testEnvironment } from './support/test-environment.ts';

// npm run bench: hands its arguments to bench/main.ts, beside running emulators.

const interrupted = onInterrupt();
await runMain(async () => {
  const args = [typescript, '-p', 'bench/tsconfig.json'];
  await runQuietly('Checking the types of bench', 'node', args, interrupted);
  // The suite serves the functions, though the benchmarks run without them.
  const suite = await startProject({ ports: 'free', interrupted });
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
