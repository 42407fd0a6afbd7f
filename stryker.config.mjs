import './tools/mutation/hooks.ts';
import { globSync, readFileSync } from 'node:fs';

/** Tests of the emulator run on the model of Firestore if they use its harness, see hooks.ts. */
const ON_MODEL = /support\/firestore-harness\.ts/;
/** Tests that take too long to run for every mutant, or that need a browser, a build or another process. */
const LEFT_OUT =
  /\/(erase-many|firestore-store\.emulator|memory-bounds|store-model|replay-many|simulation|hostile)[./]|tools\//;
/** Tried last: mostly another test has found the mutant by then. */
const SLOW = /batched-commits|store-cost|emulator|failover|keyed-batcher|redis|tiered/;

const tests = globSync('{packages/{contract,sessions,client},functions}/test/**/*.test.ts')
  .filter((file) => !LEFT_OUT.test(file) && !/\.(host|suite|soak|process)\./.test(file))
  .filter((file) => !file.includes('.emulator.') || ON_MODEL.test(readFileSync(file, 'utf8')))
  .sort((a, b) => Number(SLOW.test(a)) - Number(SLOW.test(b)) || a.localeCompare(b));
const withHooks = ['--import', './tools/mutation/hooks.ts'];

/** How much of the sources their tests notice when it is broken: `npm run mutate [-- --mutate <files>]`. */
export default {
  mutate: [
    'packages/{contract,sessions,client}/src/**/*.ts',
    'functions/src/**/*.ts',
    // Run by users, not by our tests.
    '!packages/sessions/src/testing/**',
    // Types alone.
    '!packages/client/src/contract-types.ts',
    // Only the client library reads it, on a real connection: functions/test/outage/kinds-of-failure.host.test.ts.
    '!packages/sessions/src/firestore/client-settings.ts',
    // Started by Firebase alone: functions/test/integration and `npm run security` hold them.
    '!functions/src/{index,services}.ts',
    '!functions/src/callables/{group-endpoint,single-endpoints,callable-options}.ts',
    '!functions/src/logging/redact-body-errors.ts',
  ],
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
  ignorePatterns: [
    'coverage',
    'reports',
    'functions/lib',
    'functions/lib.new-*',
    'packages/*/dist',
    'packs',
    'web/dist',
    '*.log',
  ],
  coverageAnalysis: 'perTest',
  timeoutMS: 20_000,
  concurrency: 2,
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  reporters: ['clear-text', 'progress-append-only', 'json', 'html'],
  thresholds: { high: 95, low: 90, break: 85 },
};
