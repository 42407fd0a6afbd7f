import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';

/** Where tests run: a copy of the project, and what they are told of the suite. */
export interface Ground {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Ends what runs there. */
  readonly signal: AbortSignal;
}

/** A test by its file, from the folder, and its title with those of the suites around it. */
export interface Titled {
  readonly file: string;
  readonly fullTitle: string;
  readonly err?: { readonly message?: string };
}

/** The tests that ran, and those that failed. */
export interface TestRun {
  readonly tests: readonly Titled[];
  readonly failures: readonly Titled[];
}

/**
 * Runs the tests of some files whose titles hold one of some words, or with `dry-run` only loads them. Rejects, with what
 * they printed, where they do not load.
 */
export async function runTests(
  { folder, environment, signal }: Ground,
  files: readonly string[],
  words: readonly string[],
  ...options: '--dry-run'[]
): Promise<TestRun> {
  const reports = mkdtempSync(join(tmpdir(), 'kb-report-'));
  const report = join(reports, 'tests.json');
  const mocha = join(folder, 'node_modules/mocha/bin/mocha.js');
  const reporter = ['--reporter', 'json', '--reporter-option', `output=${report}`];
  const child = spawn(
    process.execPath,
    [mocha, ...options, ...reporter, '--grep', words.map(escaped).join('|'), ...files],
    { cwd: folder, env: environment, signal, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  try {
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    if (!existsSync(report)) throw new Error(`${files.join(', ')} did not run:\n${stdout}${stderr}`);
    const { tests, failures }: TestRun = JSON.parse(readFileSync(report, 'utf8'));
    const located = (test: Titled) => ({ ...test, file: relative(folder, test.file) });
    return { tests: tests.map(located), failures: failures.map(located) };
  } finally {
    rmSync(reports, { recursive: true });
  }
}

/** As a part of a regular expression. */
const escaped = (words: string) => words.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
