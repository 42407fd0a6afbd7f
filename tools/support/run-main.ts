import { explain } from './user-error.ts';

/** Runs a script's main function; what it returns becomes the exit code, what it throws one line and 1. */
export async function runMain(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
  }
}
