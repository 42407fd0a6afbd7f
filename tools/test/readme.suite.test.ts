import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseEnv } from 'node:util';
import { createClient } from 'kb-sessions-client';
import { runningSuite, type SignedUp, signUp } from 'kb-sessions-testing';
import { projectRoot } from '../support/folders.ts';
import { readmeExamples } from './support/readme-examples.ts';

const readme = await readFile(join(projectRoot, 'README.md'), 'utf8');
const [first, ...rest] = readmeExamples(readme);

describe('README.md', function () {
  this.timeout(60_000);

  it('shows every call', () => {
    const shown = rest.map(({ code }) => code).join('\n');
    const calls = Object.keys(createClient(() => assert.fail('nothing is called')));
    for (const call of calls) assert.match(shown, new RegExp(`sessions\\.${call}\\(`));
  });

  it('has examples that run, one after the other, as they stand', async () => {
    const imports = first?.code.split('\n').filter((line) => line.startsWith('import ')) ?? [];
    const users: SignedUp[] = [];
    // Inside the project, so that the packages the examples name are found.
    const folder = await mkdtemp(join(projectRoot, 'node_modules', '.readme-'));
    try {
      for (const claim of [null, 'admin']) {
        const user = await signUp(runningSuite(), claim === null ? {} : { [claim]: true });
        users.push(user);
        const code = rest.filter((example) => example.claim === claim).map((example) => example.code);
        const file = join(folder, `${claim ?? 'owner'}.js`);
        const start = 'const sessions = createSessionsClient(functions);';
        await writeFile(
          file,
          [...imports, 'export const run = async (functions) => {', start, ...code, '};'].join('\n'),
        );
        const { run } = await import(pathToFileURL(file).href);
        await run(user.functions);
      }
    } finally {
      await Promise.all(users.map((user) => user.leave()));
      await rm(folder, { recursive: true });
    }
  });

  it('names every param with its default', async () => {
    const params = parseEnv(await readFile(join(projectRoot, 'functions/.env'), 'utf8'));
    const rows = [...readme.matchAll(/^\| `([A-Z_]+)` \| (\S+) \|/gm)].map(([, name, value]) => [
      name,
      value === 'none' ? '' : value,
    ]);
    assert.deepEqual(Object.fromEntries(rows), { ...params });
  });
});
