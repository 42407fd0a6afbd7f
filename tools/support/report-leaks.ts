const GRACE_MS = 10_000;

/** Root hooks of mocha: a run of tests that does not end fails, and names the open resources, instead of hanging. */
export const mochaHooks = {
  afterAll(): void {
    // A worker of `mocha --parallel` runs this after each of its files, and ends with the run.
    if (process.env.MOCHA_WORKER_ID !== undefined) return;
    // Unreferenced, so it fires only if something else keeps the process alive.
    setTimeout(() => {
      const open = process.getActiveResourcesInfo().join(', ');
      console.error(`The tests are over, but open resources keep the process alive: ${open}`);
      // Mocha sets the exit code when the process exits. A later listener overrides it.
      process.once('exit', () => {
        process.exitCode = 1;
      });
      process.exit();
    }, GRACE_MS).unref();
  },
};
