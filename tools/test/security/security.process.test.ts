import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNamed, type NamedTest, takeOut } from '../../security/proof.ts';
import { proofs } from '../../security/proofs.ts';
import { readItems } from '../../security/read-items.ts';
import { runTests } from '../../security/run-tests.ts';
import { projectRoot } from '../../support/folders.ts';
import { testEnvironment } from '../../support/test-environment.ts';

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const items = readItems(read('SECURITY.md'));
const textOf = ({ file, title }: NamedTest) => `${file}: ${title}`;

describe('SECURITY.md', () => {
  it('contains every item once, in order', () => {
    const all = Array.from({ length: 44 }, (_, index) => `S${String(index + 1).padStart(2, '0')}`);
    assert.deepEqual(
      items.map(({ id }) => id),
      all,
    );
  });

  for (const { id, tests, isExempt } of items) {
    it(`names for ${id} its tests or the reason for none`, () => {
      const named = tests.map(textOf);
      for (const { test } of proofs.filter(({ item }) => item === id))
        assert.ok(named.includes(textOf(test)));
      assert.equal(tests.length === 0, isExempt);
    });
  }

  it('names only existing tests', async () => {
    const named = items.flatMap(({ tests }) => tests);
    const nowhere = {
      projectId: 'demo',
      auth: 'none',
      firestore: 'none',
      functions: 'none',
      hosting: 'none',
    };
    const ground = {
      folder: projectRoot,
      environment: { ...process.env, ...testEnvironment(nowhere) },
      signal: AbortSignal.timeout(60_000),
    };
    const files = [...new Set(named.map(({ file }) => file))];
    const words = named.map(({ title }) => title);
    const { tests } = await runTests(ground, files, words, '--dry-run');
    assert.deepEqual(
      named.filter((one) => !tests.some((test) => isNamed(one, test))),
      [],
    );
  }).timeout(60_000);
});

describe('each protection that npm run security removes', () => {
  for (const proof of proofs) {
    it(`occurs in ${proof.file} exactly once, for ${proof.item}: ${proof.find.slice(0, 60).replaceAll(/\s+/g, ' ')}`, () => {
      const text = read(proof.file);
      assert.notEqual(takeOut(proof, text), text);
    });
  }
});

describe('readItems()', () => {
  it('reads tests and reasons, and ignores other tables', () => {
    const table =
      '| a | b | c |\n| S01 | x | `a.test.ts`: one<br>`b.test.ts`: two |\n| S02 | y | Does not apply: z |\n';
    assert.deepEqual(readItems(table), [
      {
        id: 'S01',
        tests: [
          { file: 'a.test.ts', title: 'one' },
          { file: 'b.test.ts', title: 'two' },
        ],
        isExempt: false,
      },
      { id: 'S02', tests: [], isExempt: true },
    ]);
  });

  it('rejects a row with neither tests nor a reason', () => {
    assert.throws(() => readItems('| S01 | x | some day |'), /S01 must name/);
  });
});
