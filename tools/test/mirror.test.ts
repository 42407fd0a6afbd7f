import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from '../support/folders.ts';
import { exportedFunctions, hasNoCode, listSourceFiles, parseSource } from './support/source-files.ts';
import { testSuites } from './support/test-suites.ts';

const files = listSourceFiles().map((file) => ({ ...file, source: parseSource(file.path) }));

/** The entry of the list for a file: the longest that names it or a folder above it. */
const entryOf = (path: string): string | undefined =>
  Object.keys(testSuites)
    .filter((entry) => entry === path || (entry.endsWith('/') && path.startsWith(entry)))
    .sort((a, b) => b.length - a.length)[0];

const untested = files.filter(({ tests, source }) => tests.length === 0 && !hasNoCode(source));

describe('every source file', () => {
  it('has a test at its mirrored path, or a suite in test-suites.ts', () => {
    const missing = untested.filter(({ path }) => entryOf(path) === undefined).map(({ path }) => path);
    assert.deepEqual(missing, []);
  });

  it('stands in test-suites.ts only if it has no test at its mirrored path', () => {
    const used = new Set(untested.map(({ path }) => entryOf(path)));
    assert.deepEqual(
      Object.keys(testSuites).filter((entry) => !used.has(entry)),
      [],
    );
  });

  it('has a suite that exists', () => {
    const missing = Object.values(testSuites).filter((suite) => !existsSync(join(projectRoot, suite)));
    assert.deepEqual(missing, []);
  });
});

describe('names of source files', () => {
  /** Participles and prepositions say less than the noun of what a file holds, or the verb of what it does. */
  const banned = /(ed|ing|of)$|^in-/;
  /** They are the names of deployed triggers. */
  const exceptions = ['on-message-created', 'on-user-deleted'];

  it('are nouns or verbs', () => {
    const names = files.map(({ path }) => basename(path, '.ts')).filter((name) => banned.test(name));
    assert.deepEqual(names.toSorted(), exceptions);
  });
});

describe('exported functions named is, has or was', () => {
  const isTruthName = (name: string): boolean => /^(is|has|was)[A-Z]/.test(name);
  const isTruth = (type: string | null): boolean =>
    type !== null && (/^(boolean|Promise<boolean>)$/.test(type) || / is /.test(type));

  it('declare that they return a boolean', () => {
    const others = files.flatMap(({ path, source }) =>
      exportedFunctions(source)
        .filter(({ name, type }) => isTruthName(name) && !isTruth(type))
        .map(({ name, type }) => `${path}: ${name} returns ${type}`),
    );
    assert.deepEqual(others, []);
  });
});
