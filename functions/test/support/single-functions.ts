import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const built = new URL('../../lib/index.cjs', import.meta.url);
const written = new URL('../../src/index.ts', import.meta.url);
const committed = new URL('../../.env', import.meta.url);

/** A host is one process with one function: here it hands each call to the exported function of its name. */
const oneByOne = (functions: URL) => `
import * as loaded from '${functions}';
const functions = loaded.default ?? loaded;
export const sessions = (request, response) => functions[request.path.split('/').at(-1)](request, response);
`;

/**
 * A package for `startHosted` whose hosts serve the functions that are deployed one by one. `meddling` is code that runs in
 * them: what it makes of the Admin SDK the functions get, too. They are served as written then, for what is built has an
 * Admin SDK of its own.
 */
export const singleFunctions = async (
  meddling = '',
): Promise<{ source: string; remove(): Promise<void> }> => {
  const source = await mkdtemp(join(tmpdir(), 'single-functions-'));
  await writeFile(join(source, 'package.json'), JSON.stringify({ type: 'module', main: 'index.js' }));
  await writeFile(join(source, 'index.js'), meddling + oneByOne(meddling === '' ? built : written));
  await copyFile(committed, join(source, '.env'));
  return { source, remove: () => rm(source, { recursive: true }) };
};
