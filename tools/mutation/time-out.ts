const HANGING_MS = 15_000;

/** Root hooks of mocha: a test that a mutant makes hang fails, which is quicker than ending its process. */
export const mochaHooks = {
  beforeEach(this: Mocha.Context): void {
    // Stryker gives tests no time limit.
    if (this.currentTest?.timeout() === 0) this.currentTest.timeout(HANGING_MS);
  },
};
