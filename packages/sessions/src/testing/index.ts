/**
 * The contract suites: tests that any store or journal must pass. They register their tests with the globals `describe`,
 * `it` and `afterEach` of the test runner (mocha, Jest, or Vitest with `globals: true`).
 *
 * @module
 */
export { journalContract } from './journal-contract/journal-contract.ts';
export {
  type JournalHarness,
  type MakeJournalHarness,
  ROOMY,
} from './journal-contract/journal-harness.ts';
export { SMALL_LIMITS } from './small-limits.ts';
export { storeContract } from './store-contract/store-contract.ts';
export type { MakeHarness, StoreHarness } from './store-harness.ts';
