import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

describe('the client bundle', () => {
  it('contains its own files and the Firebase SDK, and no file of functions/', async () => {
    const built = await build({
      configFile: false,
      logLevel: 'error',
      root: path('..'),
      build: { write: false, lib: { entry: path('../src/index.ts'), formats: ['es'] } },
    });
    assert(Array.isArray(built));
    const chunks = built.flatMap(({ output }) => output).filter((file) => file.type === 'chunk');
    const modules = chunks.flatMap((chunk) => chunk.moduleIds);
    assert(modules.includes(path('../src/client.ts')));
    const strangers = modules.filter(
      (id) => !id.startsWith(path('../src/')) && !/\/node_modules\/(@firebase|firebase|idb)\//.test(id),
    );
    assert.deepEqual(strangers, []);
    for (const { code } of chunks) assert.doesNotMatch(code, /zod/i);
  });
});
