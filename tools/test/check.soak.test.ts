import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../support/folders.ts';
import { makeWorkCopy, type WorkCopy } from '../support/work-copy.ts';

/** The text of a file after a break is planted in it. A file that does not exist has none. */
type Break = (text: string) => string;

const append =
  (line: string): Break =>
  (text) =>
    `${text}${line}\n`;
const prepend =
  (line: string): Break =>
  (text) =>
    `${line}\n${text}`;
const replace =
  (old: string | RegExp, by: string): Break =>
  (text) => {
    assert.notEqual(text.search(old), -1, `${old} is there`);
    return text.replace(old, by);
  };
const wrongType = append('void (1 satisfies string);');

/** An import for each rule of .dependency-cruiser.cjs, which breaks it. */
const WRONG_IMPORTS: Readonly<Record<string, readonly [file: string, specifier: string]>> = {
  'client-takes-types': ['packages/client/src/to-json.ts', 'kb-sessions-contract/text'],
  'client-without-server': ['packages/client/src/paginate.ts', 'kb-sessions/memory'],
  'contract-is-schemas': ['packages/contract/src/text.ts', 'node:fs'],
  'entry-only-exports': ['functions/src/services.ts', './index.ts'],
  'firestore-in-one-folder': ['packages/sessions/src/caller.ts', 'firebase-admin/firestore'],
  'functions-stand-alone': ['functions/src/logging/hash-id.ts', 'kb-sessions-client'],
  'functions-through-entries': ['functions/src/logging/metrics.ts', 'kb-sessions/internal/clock'],
  'no-cycle': ['packages/testing/src/canary.ts', './index.ts'],
  'packages-stand-alone': ['packages/testing/src/protos.ts', '../../../tools/support/folders.ts'],
  'page-through-client': ['web/src/messages.ts', 'kb-sessions-contract/text'],
  'page-without-tools': ['web/src/settlement.ts', '../../tools/support/folders.ts'],
  'redis-in-one-folder': ['packages/sessions/src/counters.ts', 'redis'],
  resolvable: ['tools/start.ts', './gone.ts'],
  'sessions-know-the-contract-alone': ['packages/sessions/src/clock.ts', 'kb-sessions-testing'],
  'sessions-without-functions': ['packages/sessions/src/limits.ts', 'node:http'],
  'sources-without-tests': ['packages/client/src/is-retryable.ts', '../test/support.ts'],
  'stores-behind-their-entries': ['packages/sessions/src/lifecycle.ts', './firestore/documents.ts'],
  'testing-stands-alone': ['packages/testing/src/running-suite.ts', 'kb-sessions-client'],
};

describe('npm run check', function () {
  this.timeout(600_000);
  let copy: WorkCopy;
  before('passes without a break', () => {
    copy = makeWorkCopy(projectRoot);
    const { status, output } = check();
    assert.equal(status, 0, output);
  });
  after(() => copy.remove());

  const check = (...steps: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, ['tools/check.ts', ...steps], {
      cwd: copy.path,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(copy.path, 'node_modules/.bin')}:${process.env.PATH}` },
    });
    return { status, output: stderr };
  };

  /** Runs the gate with breaks in some files, and repairs them. */
  const checkBroken = (breaks: Readonly<Record<string, Break>>, ...steps: string[]) => {
    const originals = Object.keys(breaks).map((file) => ({ path: join(copy.path, file), file }));
    const texts = originals.map(({ path }) => readFileSync(path, 'utf8'));
    for (const [index, { path, file }] of originals.entries())
      writeFileSync(path, breaks[file]?.(texts[index] ?? '') ?? '');
    try {
      return check(...steps);
    } finally {
      for (const [index, { path }] of originals.entries()) writeFileSync(path, texts[index] ?? '');
    }
  };

  const kinds: [kind: string, step: string, breaks: Readonly<Record<string, Break>>][] = [
    [
      'a lock of the functions that was made for another package.json',
      'Lock files',
      { 'functions/package.json': replace(/"redis": "\^/, '"redis": "~') },
    ],
    [
      'a version in the lock of the functions that is not tested',
      'Lock files',
      {
        'functions/package-lock.json': replace(
          /("node_modules\/firebase-admin": \{\s+"version": ")\d+/,
          '$199',
        ),
      },
    ],
    [
      'a lint error',
      'Format and lint',
      { 'bench/stats.ts': append('export const planted = (a: any) => a;') },
    ],
    ['a lint warning', 'Format and lint', { 'web/src/main.ts': append('const planted = 1;') }],
    ['a wrong format', 'Format and lint', { 'examples/outage/main.ts': append('\n\n') }],
    [
      'a wrong type in any folder',
      'Types of everything',
      {
        'bench/stats.ts': wrongType,
        'bench/test/stats.test.ts': wrongType,
        'bench/peers/genkit.ts': wrongType,
        'examples/outage/main.ts': wrongType,
        'functions/test/config/config.test.ts': wrongType,
        'packages/client/test/client.test.ts': wrongType,
        'packages/contract/test/text.test.ts': wrongType,
        'packages/sessions/test/lifecycle.test.ts': wrongType,
        'packages/testing/src/canary.ts': wrongType,
        'tools/schedules.ts': wrongType,
        'web/src/main.ts': wrongType,
        'web/test/messages.test.ts': wrongType,
      },
    ],
    [
      'a use of the browser in the functions',
      'Types of the functions alone',
      { 'functions/src/logging/hash-id.ts': append('export const planted = (): string => document.title;') },
    ],
    [
      'a use of Node in the client',
      'Types of the client without Node',
      { 'packages/client/src/to-json.ts': append('export const planted = (): number => process.pid;') },
    ],
    [
      'a use of Node in the contract',
      'Types of the contract without Node',
      { 'packages/contract/src/text.ts': append('export const planted = (): number => process.pid;') },
    ],
    [
      'an import in the wrong direction',
      'Import directions and cycles',
      { 'packages/testing/src/canary.ts': prepend("import '../../../tools/support/folders.ts';\n") },
    ],
    [
      'a cycle of types',
      'Import directions and cycles',
      { 'packages/testing/src/canary.ts': prepend("import type {} from './index.ts';\n") },
    ],
    [
      'an unused export',
      'Unused files, exports and dependencies',
      { 'tools/support/is-object.ts': append('\nexport const planted = 1;') },
    ],
    [
      'an unused export of a package',
      'Unused files, exports and dependencies',
      { 'packages/sessions/src/lifecycle.ts': append('\nexport const planted = 1;') },
    ],
    [
      'an unused dependency',
      'Unused files, exports and dependencies',
      { 'web/package.json': replace('"dependencies": {', '"dependencies": {\n    "idb": "^7.1.1",') },
    ],
    ['an edited page', 'Generated pages', { 'docs/errors.md': append('planted') }],
    [
      'an edited type of the client',
      "The client's generated types",
      { 'packages/client/src/contract-types.ts': append('// planted') },
    ],
    [
      'a change of a public API',
      'Packages and their API',
      { 'packages/client/src/index.ts': append('export const planted = 1;') },
    ],
  ];
  for (const [kind, step, breaks] of kinds) {
    it(`fails for ${kind}: ${step}`, () => {
      const { status, output } = checkBroken(breaks);
      assert.equal(status, 1);
      assert.match(output, failureOf(step));
      const unnamed = Object.keys(breaks).filter(
        (file) => kind.includes('any folder') && !output.includes(file),
      );
      assert.deepEqual(unnamed, []);
    });
  }

  it('names each broken rule of imports, and the import that breaks it', async () => {
    const { default: config } = await import('../../.dependency-cruiser.cjs');
    const rules = config.forbidden?.map(({ name }) => String(name)) ?? [];
    assert.deepEqual(Object.keys(WRONG_IMPORTS), rules.toSorted());
    const breaks = Object.values(WRONG_IMPORTS).map(
      ([file, specifier]) => [file, prepend(`import '${specifier}';\n`)] as const,
    );
    const { status, output } = checkBroken(Object.fromEntries(breaks), 'imports');
    assert.equal(status, 1);
    const missed = Object.entries(WRONG_IMPORTS).filter(
      ([rule, [file]]) =>
        !output.split('\n').some((line) => line.includes(file) && line.endsWith(`(${rule})`)),
    );
    assert.deepEqual(missed, []);
  });

  it('fails for an unused file: Unused files, exports and dependencies', () => {
    const path = join(copy.path, 'tools/support/planted.ts');
    writeFileSync(path, 'export {};\n');
    const { status, output } = check();
    rmSync(path);
    assert.equal(status, 1);
    assert.match(output, /^tools\/support\/planted\.ts *$/m);
    assert.match(output, failureOf('Unused files, exports and dependencies'));
  });
});

const failureOf = (step: string): RegExp => new RegExp(`\\n${step} failed \\(exit code [12]\\)\\.\\n$`);
