import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { outputOfRun } from './canaries/output-of-run.ts';
import { startSuite } from './emulators/suite.ts';
import { build } from './support/build.ts';
import { projectRoot } from './support/folders.ts';
import { interruptedCode, onInterrupt } from './support/on-interrupt.ts';
import { runVisibly } from './support/run-command.ts';
import { runMain } from './support/run-main.ts';
import { selectTests } from './support/select-tests.ts';
import { testEnvironment } from './support/test-environment.ts';
import { TEST_PARAMS } from './support/test-params.ts';
import { UserError } from './support/user-error.ts';

// npm test [-- [--unit] [--soak] [test files] [options of mocha]]

const testFiles = '{functions,packages/*,web,tools,bench}/test/**/*.test.ts';
const suiteLog = 'emulators.log';
const parallel = ['--parallel', '--jobs', String(availableParallelism())];

const interrupted = onInterrupt();
const began = performance.now();
await runMain(test);

async function test(): Promise<number> {
  const all = globSync(testFiles, { cwd: projectRoot }).sort();
  const { files, needSuite, isSoak, isUnit, mochaOptions } = selectTests(process.argv.slice(2), all);
  if (files.length === 0) throw new UserError('No test file matches.');
  const run = {
    args: [...(isUnit ? parallel : []), ...mochaOptions, ...files],
    environment: isSoak ? { KB_SOAK: '1' } : {},
    // It slows the tests down.
    hasCoverage: !isUnit && !isSoak,
  };
  const code = needSuite ? await testInSuite(run) : await runMocha(run, interrupted);
  console.log(`All took ${seconds(performance.now() - began)}.`);
  return code ?? interruptedCode;
}

async function testInSuite(run: MochaRun): Promise<number | null> {
  console.log('Building the functions and the web page.');
  await build();
  console.log('Starting the emulators.');
  const output = outputOfRun(join(projectRoot, suiteLog));
  const suite = await startSuite({ ports: 'free', params: TEST_PARAMS, log: output.emulators });
  console.log(`The emulators were ready after ${seconds(suite.readyMs)}.`);
  let code: number | null;
  try {
    const environment = { ...run.environment, ...testEnvironment(suite), KB_HOST_OUTPUT: output.folder };
    code = await runMocha({ ...run, environment }, Promise.race([interrupted, suite.ended]));
  } finally {
    await suite.stop();
  }
  const leaks = await output.search();
  if (code !== 0) console.log(`What the emulators printed is in ${suiteLog}.`);
  return code === 0 && leaks > 0 ? 1 : code;
}

interface MochaRun {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly hasCoverage: boolean;
}

function runMocha(
  { args, environment, hasCoverage }: MochaRun,
  cancelled: Promise<unknown>,
): Promise<number | null> {
  if (!hasCoverage) return runVisibly({ command: 'mocha', args, environment, cancelled });
  const coverage = [
    '--include',
    'functions/src/**',
    '--include',
    'packages/*/src/**',
    '--reporter',
    'text-summary',
  ];
  return runVisibly({ command: 'c8', args: [...coverage, 'mocha', ...args], environment, cancelled });
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
