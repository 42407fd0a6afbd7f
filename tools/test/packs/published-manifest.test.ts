import assert from 'node:assert/strict';
import { publishedManifest } from '../../packs/published-manifest.ts';

describe('publishedManifest()', () => {
  const manifest = {
    name: 'kb-sessions',
    private: true,
    scripts: { build: 'tsc' },
    devDependencies: { mocha: '1' },
    dependencies: { zod: '4' },
    exports: {
      '.': './src/index.ts',
      './*': './src/*.ts',
      './internal/*': './src/*.ts',
      './package.json': './package.json',
    },
  };

  it('maps every entry to the built module and its types', () => {
    assert.deepEqual(publishedManifest(manifest).exports, {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './*': { types: './dist/*.d.ts', default: './dist/*.js' },
      './package.json': './package.json',
    });
  });

  it('omits the fields that only the repository needs, and keeps the rest', () => {
    assert.deepEqual(Object.keys(publishedManifest(manifest)), ['name', 'dependencies', 'exports']);
  });
});
