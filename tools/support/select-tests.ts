import { parseArgs } from 'node:util';
import { commands } from '../commands.cjs';
import { UsageError } from './user-error.ts';

/** Which test files to run and how. */
export type TestSelection = {
  files: readonly string[];
  /** Whether one of the files needs the emulators. */
  needSuite: boolean;
  /** Whether tests take their large sizes. */
  isSoak: boolean;
  /** Whether the tests that take seconds are left out. */
  isUnit: boolean;
  /** The options of mocha. */
  mochaOptions: readonly string[];
};

const NEEDING_SUITE = /\.(emulator|host|suite)\.test\.ts$/;
/** Their tests take seconds, because they build or start whole programs. */
const SLOW = /\.process\.test\.ts$/;
const SOAK_ONLY = /\.soak\.test\.ts$/;

/**
 * Reads the arguments of `npm test`. Names of test files and folders choose these instead of all. `--unit` leaves out
 * every file that needs the emulators or is named `.process`. `--soak` gives tests their large sizes and adds the files named `.soak`. mocha gets
 * all other options.
 * @throws UsageError where a name is neither of a test file nor of a folder with some
 */
export const selectTests = (args: readonly string[], all: readonly string[]): TestSelection => {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: commands.test.options,
    allowPositionals: true,
    tokens: true,
  });
  const isUnit = values.unit === true;
  const isSoak = values.soak === true;
  const chosen =
    positionals.length > 0
      ? positionals.flatMap((name) => namedBy(name, all))
      : all.filter((file) => isSoak || !SOAK_ONLY.test(file));
  const files = isUnit ? chosen.filter((file) => !NEEDING_SUITE.test(file) && !SLOW.test(file)) : chosen;
  return {
    files: [...new Set(files)],
    needSuite: files.some((file) => NEEDING_SUITE.test(file)),
    isSoak,
    isUnit,
    mochaOptions: tokens.flatMap((token) =>
      token.kind !== 'option' || token.name === 'unit' || token.name === 'soak'
        ? []
        : `--${token.name}${token.value === undefined ? '' : `=${token.value}`}`,
    ),
  };
};

const namedBy = (name: string, all: readonly string[]): string[] => {
  const path = name.replace(/^\.\//, '').replace(/\/$/, '');
  const files = all.filter((file) => file === path || file.startsWith(`${path}/`));
  if (files.length === 0) throw new UsageError(`No test file is ${name}, or lies in it.`);
  return files;
};
