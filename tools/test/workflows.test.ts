import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../support/folders.ts';

const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const { scripts } = JSON.parse(read('package.json'));
const files = [...globSync('.github/{workflows,actions}/**/*.yml', { cwd: projectRoot }), '.ci/run'];

describe('continuous integration', () => {
  it('pins every action by the hash of a commit, and names its version', () => {
    const uses = files.flatMap((file) =>
      [...read(file).matchAll(/uses: (.*)$/gm)].map(([, action = '']) => action),
    );
    assert.ok(uses.length > 10, 'there are actions');
    const isPinned = (action: string) =>
      action.startsWith('./') || /^[\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(action);
    assert.deepEqual(
      uses.filter((action) => !isPinned(action)),
      [],
    );
    const hashes = Map.groupBy(
      uses.filter((action) => action.includes('@')),
      (action) => action.split('@')[0],
    );
    for (const [action, pins] of hashes) assert.equal(new Set(pins).size, 1, `one version of ${action}`);
  });

  it('runs npm scripts that exist', () => {
    const run = files.flatMap((file) =>
      [...read(file).matchAll(/npm (?:run ([\w:]+)|test)/g)].map(([, script = 'test']) => script),
    );
    assert.ok(run.includes('check') && run.includes('test'));
    assert.deepEqual(
      run.filter((script) => !(script in scripts)),
      [],
    );
  });

  it('runs the gate before the tests', () => {
    const order = [...read('.ci/run').matchAll(/^npm (?:run )?([\w:]+)/gm)].map(([, script]) => script);
    assert.deepEqual(order, ['check', 'test', 'test:packs', 'demo']);
  });
});
