import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startSuite } from './suite.ts';
import { build } from './support/build.ts';
import { projectRoot } from './support/folders.ts';
import { interruptedCode, interruption } from './support/interruption.ts';
import { runQuietly, runVisibly } from './support/run-command.ts';
import { runMain } from './support/run-main.ts';
import { testEnvironment } from './support/test-environment.ts';

// npm run bench [-- names of benchmarks and options, see bench/main.ts]

/** Packages of their own, outside the workspaces: what is compared with is large, and nobody else needs it. */
const packages = ['bench', 'bench/peers/langgraph'];

const interrupted = interruption();
await runMain(async () => {
  for (const folder of packages) {
    if (existsSync(join(projectRoot, folder, 'node_modules/.package-lock.json'))) continue;
    console.error(`Installing the packages of ${folder}.`);
    await runQuietly(`Installing ${folder}`, 'npm', [
      'ci',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '--prefix',
      folder,
    ]);
  }
  await runQuietly('Checking the types of bench', 'tsc', ['-p', 'bench/tsconfig.json']);
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
