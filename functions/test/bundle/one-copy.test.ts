import assert from 'node:assert/strict';
import { duplicatesIn } from '../../bundle/one-copy.mjs';

const metafile = (...paths: string[]) => ({ inputs: Object.fromEntries(paths.map((path) => [path, {}])) });

describe('duplicatesIn()', () => {
  it('returns nothing when every package comes from one folder', () => {
    const paths = [
      '../node_modules/zod/a.js',
      '../node_modules/zod/b.js',
      '../node_modules/ms/a.js',
      'src/index.ts',
    ];
    assert.deepEqual(duplicatesIn(metafile(...paths)), []);
  });

  it('names a package that comes from two folders', () => {
    const paths = ['../node_modules/firebase-admin/a.js', 'node_modules/firebase-admin/a.js'];
    assert.deepEqual(duplicatesIn(metafile(...paths)), [
      {
        name: 'firebase-admin',
        folders: ['../node_modules/firebase-admin/', 'node_modules/firebase-admin/'],
      },
    ]);
  });

  it('omits packages whose dependents require different versions', () => {
    const paths = ['../node_modules/debug/a.js', '../node_modules/x/node_modules/debug/a.js'];
    assert.deepEqual(duplicatesIn(metafile(...paths)), []);
  });
});
