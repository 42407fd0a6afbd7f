/** Which test files to run and how. */
export interface TestSelection {
  readonly files: readonly string[];
  /** Whether one of the files needs the emulators. */
  readonly needSuite: boolean;
  /** What is mocha's to understand. */
  readonly mochaOptions: readonly string[];
}

const needingSuite = /\.(emulator|host|suite)\.test\.ts$/;

/**
 * Reads the arguments of `npm test`: names of test files choose those instead of all, `--unit` leaves out every file
 * that needs the emulators, and the rest goes to mocha.
 */
export function selectTests(args: readonly string[], all: readonly string[]): TestSelection {
  const named = args.filter((arg) => arg.endsWith('.test.ts'));
  const chosen = named.length > 0 ? named : all;
  const files = args.includes('--unit') ? chosen.filter((file) => !needingSuite.test(file)) : chosen;
  return {
    files,
    needSuite: files.some((file) => needingSuite.test(file)),
    mochaOptions: args.filter((arg) => arg !== '--unit' && !arg.endsWith('.test.ts')),
  };
}
