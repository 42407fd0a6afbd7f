/** Which test files to run and how. */
export interface TestSelection {
  readonly files: readonly string[];
  /** Whether one of the files needs the emulators. */
  readonly needSuite: boolean;
  /** Whether tests take their large sizes. */
  readonly isSoak: boolean;
  /** Whether the tests that take seconds are left out. */
  readonly isUnit: boolean;
  /** The options of mocha. */
  readonly mochaOptions: readonly string[];
}

const needingSuite = /\.(emulator|host|suite)\.test\.ts$/;
/** Their tests take seconds, because they build or start whole programs. */
const slow = /\.process\.test\.ts$/;
const soakOnly = /\.soak\.test\.ts$/;
const ownOptions = ['--unit', '--soak'];

/**
 * Reads the arguments of `npm test`. Names of test files choose these instead of all. `--unit` leaves out every file
 * that needs the emulators or is named `.process`. `--soak` gives tests their large sizes and adds the files named `.soak`. mocha gets all other
 * options.
 */
export function selectTests(args: readonly string[], all: readonly string[]): TestSelection {
  const named = args.filter((arg) => arg.endsWith('.test.ts'));
  const isUnit = args.includes('--unit');
  const isSoak = args.includes('--soak');
  const chosen = named.length > 0 ? named : all.filter((file) => isSoak || !soakOnly.test(file));
  const files = isUnit ? chosen.filter((file) => !needingSuite.test(file) && !slow.test(file)) : chosen;
  return {
    files,
    needSuite: files.some((file) => needingSuite.test(file)),
    isSoak,
    isUnit,
    mochaOptions: args.filter((arg) => !ownOptions.includes(arg) && !arg.endsWith('.test.ts')),
  };
}
