import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, typescript } from '../support/folders.ts';
import { tsdocExamples } from './support/tsdoc-examples.ts';

const files = globSync('packages/*/src/**/*.ts', { cwd: projectRoot }).toSorted();
const examples = files.flatMap((file) =>
  tsdocExamples(readFileSync(join(projectRoot, file), 'utf8')).map((example) => ({ file, ...example })),
);

describe('the examples in the comments of public functions', () => {
  it('compile with their own imports', () => {
    assert.ok(examples.length > 0, 'no example was found');
    // In a package's folder, so that its dependencies are found.
    const folder = mkdtempSync(join(projectRoot, 'tools', '.tsdoc-'));
    try {
      const config = {
        extends: '../../tsconfig.base.json',
        compilerOptions: {
          noEmit: true,
          lib: ['es2024', 'dom'],
          // The contract suites use the globals of mocha.
          types: ['node', 'mocha'],
          noUnusedLocals: false,
          noUnusedParameters: false,
        },
        include: ['*.ts'],
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
      const names = examples.map(({ file, line, code }) => {
        const name = `${file.replaceAll(/\W/g, '-')}-${line}.ts`;
        writeFileSync(join(folder, name), `${code}\nexport {};\n`);
        return name;
      });
      const { status, stdout } = spawnSync(process.execPath, [typescript, '-p', folder], {
        encoding: 'utf8',
      });
      assert.equal(status, 0, `of ${names.length} examples:\n${stdout}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }).timeout(60_000);
});

describe('tsdocExamples()', () => {
  it('returns the code of an example and its first line', () => {
    const source = [
      'const a = 1;',
      '/**',
      ' * Says a.',
      ' *',
      ' * @example',
      ' * ```ts',
      ' * a();',
      ' * ```',
      ' */',
    ];
    assert.deepEqual(tsdocExamples(source.join('\n')), [{ line: 5, code: 'a();\n' }]);
  });

  it('returns nothing for a comment without an example', () => {
    assert.deepEqual(tsdocExamples('/** Says a. ```ts\na();``` */'), []);
  });
});
