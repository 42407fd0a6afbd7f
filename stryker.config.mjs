import './tools/mutation/hooks.ts';
import { globSync, readFileSync } from 'node:fs';

/** What tests of the session module name. Those of an emulator are there if they run on the model, see hooks.ts. */
const ABOUT_SESSIONS = /src\/session\/|-contract\.ts|-harness\.ts/;
const ON_EMULATOR = /support\/firestore-harness\.ts/;
/** They take too long to be run for every mutant, and others cover the same. */
const LEFT_OUT = /\/(erase-many|firestore-store|memory-bounds|store-model)\./;
/** Tried last: mostly another test has found the mutant by then. */
const SLOW = /bundles|charged|emulator|failover|lanes|redis|tiered/;

const tests = globSync('functions/test/**/*.test.ts')
  .filter((file) => !LEFT_OUT.test(file) && !/\.(host|suite)\./.test(file))
  .filter((file) =>
    (file.includes('.emulator.') ? ON_EMULATOR : ABOUT_SESSIONS).test(readFileSync(file, 'utf8')),
  )
  .sort((a, b) => Number(SLOW.test(a)) - Number(SLOW.test(b)) || a.localeCompare(b));
const withHooks = ['--import', './tools/mutation/hooks.ts'];

/** How much of the session module its tests notice when it is broken: `npm run mutate`. */
export default {
  // The client library alone looks at client-settings.ts, on a real connection: outage/kinds-of-failure.host.test.ts.
  mutate: ['functions/src/session/**/*.ts', '!packages/sessions/src/firestore/client-settings.ts'],
  testRunner: 'mocha',
  plugins: ['@stryker-mutator/mocha-runner'],
  testRunnerNodeArgs: withHooks,
  checkerNodeArgs: withHooks,
  mochaOptions: {
    'no-config': true,
    'no-package': true,
    require: ['./tools/mutation/time-out.ts'],
    spec: tests,
    // The contract on a primary that flaps takes half a minute.
    grep: '^(?!.*flaps)',
  },
  // Node takes the types out by itself.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  ignorePatterns: ['coverage', 'reports', 'functions/lib', 'web/dist', '*.log'],
  coverageAnalysis: 'perTest',
  timeoutMS: 20_000,
  concurrency: 2,
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  reporters: ['clear-text', 'progress-append-only', 'json', 'html'],
  thresholds: { high: 95, low: 90, break: 85 },
};
