import assert from 'node:assert/strict';
import { memoryStorage } from '../../src/index.ts';
import { kept, storageContract } from './storage-contract.ts';

describe('memoryStorage()', () => {
  for (const [title, holds] of Object.entries(storageContract)) it(title, () => holds(memoryStorage()));

  it('stores copies and returns copies', async () => {
    const storage = memoryStorage();
    const operation = kept(1);
    await storage.add('a', operation);
    operation.held_by = 'changed';
    const [item] = await storage.list('a');
    Object.assign(Object(item?.value), { form: 7 });
    assert.deepEqual((await storage.list('a'))[0]?.value, kept(1));
  });
});
