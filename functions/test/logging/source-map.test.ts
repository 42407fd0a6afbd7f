import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from '@jridgewell/sourcemap-codec';
import { mapToSource } from '../../src/logging/source-map.ts';

/** From column 10 on what is of line 3, column 5 of a source of ours; from column 20 on what is of none. */
const MAP = JSON.stringify({
  version: 3,
  sources: ['packages/sessions/src/session-manager.ts'],
  names: [],
  mappings: encode([[[0], [9, 0, 2, 4], [19]], [[0]]]),
});

describe('mapToSource()', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'source-map-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const lineAt = (column: number) => `    at answer (${join(folder, 'functions.cjs')}:1:${column})`;

  it('maps a place in our bundle to the source, but not one in a package', async () => {
    await writeFile(join(folder, 'functions.cjs.map'), MAP);
    assert.equal(mapToSource(lineAt(10)), '    at answer (packages/sessions/src/session-manager.ts:3:5)');
    for (const column of [1, 9, 20, 99]) assert.equal(mapToSource(lineAt(column)), lineAt(column));
  });

  it('does not change any other line', () => {
    for (const line of [
      '    at answer (file:///app/src/session/manager.ts:3:5)',
      '    at node:internal:1:1',
      '',
    ])
      assert.equal(mapToSource(line), line);
  });

  it('does not change the line without a readable map', async () => {
    assert.equal(mapToSource(lineAt(10)), lineAt(10));
    // In another folder, because the result of a read is kept.
    const other = join(folder, 'other');
    await mkdir(other);
    await writeFile(join(other, 'functions.cjs.map'), '{');
    const line = `    at answer (${join(other, 'functions.cjs')}:1:10)`;
    assert.equal(mapToSource(line), line);
  });
});
