const graceMs = 10_000;

/** Root hooks of mocha: a test run that something keeps from ending fails and says what it is, instead of hanging. */
export const mochaHooks = {
  afterAll(): void {
    // A worker of `mocha --parallel` runs this after each of its files, and ends with the run.
    if (process.env.MOCHA_WORKER_ID !== undefined) return;
    // Unreferenced, so it only comes to fire when something else keeps the process alive.
    setTimeout(() => {
      const open = process.getActiveResourcesInfo().join(', ');
      console.error(`The tests are over, but something they left open keeps the process alive: ${open}`);
      // Mocha sets the exit code when the process exits; a listener that comes later has the last word.
      process.once('exit', () => {
        process.exitCode = 1;
      });
      process.exit();
    }, graceMs).unref();
  },
};
