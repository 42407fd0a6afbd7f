import { createWriteStream, globSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Suite, startSuite } from './suite.ts';
import { build } from './support/build.ts';
import { projectRoot } from './support/folders.ts';
import { interruptedCode, interruption } from './support/interruption.ts';
import { patience } from './support/patience.ts';
import { PlainError } from './support/plain-error.ts';
import { runVisibly } from './support/run-command.ts';
import { runMain } from './support/run-main.ts';
import { selectTests } from './support/select-tests.ts';

// npm test [-- [--unit] [test files] [options of mocha]]

const testFiles = '{functions,client,testing,web,scripts}/test/**/*.test.ts';
const suiteLog = 'emulators.log';

const interrupted = interruption();
const began = performance.now();
await runMain(test);

async function test(): Promise<number> {
  const all = globSync(testFiles, { cwd: projectRoot }).sort();
  const { files, needSuite, mochaOptions } = selectTests(process.argv.slice(2), all);
  if (files.length === 0) throw new PlainError('No test file matches.');
  const mochaArgs = [...mochaOptions, ...files];
  const code = needSuite ? await testInSuite(mochaArgs) : await runMocha(mochaArgs, {}, interrupted);
  console.log(`All took ${seconds(performance.now() - began)}.`);
  return code ?? interruptedCode;
}

async function testInSuite(mochaArgs: readonly string[]): Promise<number | null> {
  console.log('Building the functions and the web page.');
  await build();
  console.log('Starting the emulators.');
  const log = createWriteStream(join(projectRoot, suiteLog));
  const suite = await startSuite({ ports: 'free', params: patience, log: (line) => log.write(`${line}\n`) });
  console.log(`The emulators were ready after ${seconds(suite.readyMs)}.`);
  try {
    const code = await runMocha(mochaArgs, testEnvironment(suite), Promise.race([interrupted, suite.ended]));
    if (code !== 0) console.log(`What the emulators printed is in ${suiteLog}.`);
    return code;
  } finally {
    await suite.stop();
    log.end();
  }
}

function runMocha(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cancelled: Promise<unknown>,
): Promise<number | null> {
  const coverage = ['--include', 'functions/src/**', '--reporter', 'text-summary'];
  return runVisibly({ command: 'c8', args: [...coverage, 'mocha', ...args], environment, cancelled });
}

function testEnvironment(suite: Suite): Record<string, string> {
  return {
    FIRESTORE_EMULATOR_HOST: suite.firestore,
    FIREBASE_AUTH_EMULATOR_HOST: suite.auth,
    KB_SUITE_PROJECT: suite.projectId,
    KB_SUITE_FUNCTIONS: suite.functions,
    KB_SUITE_HOSTING: suite.hosting,
    METADATA_SERVER_DETECTION: 'none',
  };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
