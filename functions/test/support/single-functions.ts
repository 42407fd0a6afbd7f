import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const built = new URL('../../lib/index.cjs', import.meta.url);
const written = new URL('../../src/callables/single-endpoints.ts', import.meta.url);
const committed = new URL('../../.env', import.meta.url);

/** A host is one process with one function: here it hands each call to the exported function of its name. */
const dispatcher = (modules: readonly URL[]) => `
${modules.map((module, index) => `import * as module${index} from '${module}';`).join('\n')}
const functions = Object.assign({}, ${modules.map((_, index) => `module${index}.default ?? module${index}`).join(', ')});
export const sessions = (request, response) => functions[request.path.split('/').at(-1)](request, response);
`;

/**
 * A package for `startHosted` whose hosts serve the calls as single functions: the deployed ones from the bundle, the
 * others from their source. `preamble` is code that runs in the host first. What it changes in the Admin SDK reaches the
 * functions only if all of them run from their source, because the bundle has an Admin SDK of its own: so they do then.
 */
export const singleFunctions = async (
  preamble = '',
): Promise<{ source: string; remove(): Promise<void> }> => {
  const source = await mkdtemp(join(tmpdir(), 'single-functions-'));
  await writeFile(join(source, 'package.json'), JSON.stringify({ type: 'module', main: 'index.js' }));
  const modules = preamble === '' ? [written, built] : [written];
  await writeFile(join(source, 'index.js'), preamble + dispatcher(modules));
  await copyFile(committed, join(source, '.env'));
  return { source, remove: () => rm(source, { recursive: true }) };
};
