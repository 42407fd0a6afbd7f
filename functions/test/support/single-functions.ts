import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const built = new URL('../../lib/index.js', import.meta.url);
const committed = new URL('../../.env', import.meta.url);

/** A host is one process with one function: here it hands each call to the exported function of its name. */
const ONE_BY_ONE = `
import * as functions from '${built}';
export const sessions = (request, response) => functions[request.path.split('/').at(-1)](request, response);
`;

/**
 * A package for `startHosted` whose hosts serve the built functions that are deployed one by one. `meddling` is code that
 * runs in them: what it makes of the Admin SDK the functions get, too.
 */
export const singleFunctions = async (
  meddling = '',
): Promise<{ source: string; remove(): Promise<void> }> => {
  const source = await mkdtemp(join(tmpdir(), 'single-functions-'));
  await writeFile(join(source, 'package.json'), JSON.stringify({ type: 'module', main: 'index.js' }));
  await writeFile(join(source, 'index.js'), meddling + ONE_BY_ONE);
  await copyFile(committed, join(source, '.env'));
  return { source, remove: () => rm(source, { recursive: true }) };
};
