import { interruptedCode } from './on-interrupt.ts';
import { explain, InterruptedError, UsageError } from './user-error.ts';

/** Runs a script's main function. Its result becomes the exit code; an error is printed, and has a code by its class. */
export const runMain = async (main: () => Promise<number>): Promise<void> => {
  try {
    process.exitCode = await main();
  } catch (thrown) {
    const error = isOfParseArgs(thrown) ? new UsageError(thrown.message) : thrown;
    console.error(explain(error));
    process.exitCode = codeOf(error);
  }
};

/** Whether `parseArgs` of node:util does not know an option. */
const isOfParseArgs = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');

const codeOf = (error: unknown): number => {
  if (error instanceof InterruptedError) return interruptedCode;
  return error instanceof UsageError ? 2 : 1;
};
