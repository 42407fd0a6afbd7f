import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createRunOutput } from './canaries/run-output.ts';
import { projectRoot } from './support/folders.ts';
import { interruptedCode, onInterrupt } from './support/on-interrupt.ts';
import { runVisibly } from './support/run-command.ts';
import { runMain } from './support/run-main.ts';
import { selectTests } from './support/select-tests.ts';
import { startProject } from './support/start-project.ts';
import { testEnvironment } from './support/test-environment.ts';
import { TEST_PARAMS } from './support/test-params.ts';
import { UserError } from './support/user-error.ts';

// npm test, see its options in commands.cjs.

const TEST_FILES = '{functions,packages/*,web,tools,bench}/test/**/*.test.ts';
const SUITE_LOG = 'emulators.log';
// Twice as many as processors, because some tests wait for Redis or a process.
const PARALLEL = ['--parallel', '--jobs', String(2 * availableParallelism())];
const COVERAGE = [
  '--include',
  'functions/src/**',
  '--include',
  'packages/*/src/**',
  '--reporter',
  'text-summary',
];

type MochaRun = {
  args: readonly string[];
  environment: Readonly<Record<string, string>>;
  hasCoverage: boolean;
};

const runMocha = (
  { args, environment, hasCoverage }: MochaRun,
  cancelled: Promise<unknown>,
): Promise<number | null> =>
  hasCoverage
    ? runVisibly({ command: 'c8', args: [...COVERAGE, 'mocha', ...args], environment, cancelled })
    : runVisibly({ command: 'mocha', args, environment, cancelled });

const testInSuite = async (run: MochaRun): Promise<number | null> => {
  const output = createRunOutput(join(projectRoot, SUITE_LOG));
  const start = startProject({ ports: 'free', params: TEST_PARAMS, log: output.record, interrupted });
  const suite = await start.catch((error: unknown) => {
    output.discard();
    throw error;
  });
  let code: number | null;
  try {
    const environment = { ...run.environment, ...testEnvironment(suite), KB_HOST_OUTPUT: output.folder };
    code = await runMocha({ ...run, environment }, Promise.race([interrupted, suite.ended]));
  } finally {
    await suite.stop();
  }
  const leaks = await output.search();
  if (code !== 0) console.log(`The output of the emulators is in ${SUITE_LOG}.`);
  return code === 0 && leaks > 0 ? 1 : code;
};

const interrupted = onInterrupt();
const startedAt = performance.now();
await runMain(async () => {
  const all = globSync(TEST_FILES, { cwd: projectRoot }).sort();
  const { files, needSuite, isSoak, isUnit, mochaOptions } = selectTests(process.argv.slice(2), all);
  if (files.length === 0) throw new UserError('No test file matches.');
  const run = {
    args: [...(isUnit ? PARALLEL : []), ...mochaOptions, ...files],
    environment: isSoak ? { KB_SOAK: '1' } : {},
    // It slows the tests down.
    hasCoverage: !isUnit && !isSoak,
  };
  const code = needSuite ? await testInSuite(run) : await runMocha(run, interrupted);
  console.log(`All took ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  return code ?? interruptedCode;
});
