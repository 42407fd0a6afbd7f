import assert from 'node:assert/strict';
import { compareLocks, type Lock } from '../../locks/compare-locks.ts';

const manifest = { dependencies: { redis: '^6.0.0' }, devDependencies: { zod: '^4.0.0' } };
const installed = {
  'node_modules/redis': { version: '6.3.1' },
  'node_modules/@google-cloud/firestore': { version: '7.11.0' },
};
const functions: Lock = { packages: { '': manifest, ...installed } };
const root: Lock = { packages: installed };

describe('compareLocks()', () => {
  it('reports no difference between equal versions', () => {
    assert.deepEqual(compareLocks({ root, functions, manifest }), []);
  });

  it('prefers the version in the folder of the functions to the hoisted one', () => {
    const nested = { packages: { ...installed, 'functions/node_modules/redis': { version: '5.0.0' } } };
    assert.deepEqual(compareLocks({ root: nested, functions, manifest }), [
      'redis is 6.3.1 in functions/package-lock.json and 5.0.0 in package-lock.json.',
    ]);
  });

  it('names a dependency that is missing in one of the locks', () => {
    const [finding = ''] = compareLocks({ root: { packages: {} }, functions, manifest });
    assert.match(finding, /^redis is 6\.3\.1 .* and missing in package-lock\.json\.$/);
  });

  it('names the kind of dependencies in which the lock file is older than its manifest', () => {
    const newer = { ...manifest, devDependencies: { zod: '^5.0.0' } };
    assert.deepEqual(compareLocks({ root, functions, manifest: newer }), [
      'functions/package-lock.json has other devDependencies than functions/package.json.',
    ]);
  });
});
