const EVERY_MS = 10_000;

/** Waits for a task, and reports on stderr every 10 s that it goes on, for example "Building: 20 s so far." */
export const withProgress = async <Result>(title: string, task: Promise<Result>): Promise<Result> => {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    console.error(`${title}: ${Math.round((performance.now() - startedAt) / 1000)} s so far.`);
  }, EVERY_MS);
  try {
    return await task;
  } finally {
    clearInterval(timer);
  }
};
