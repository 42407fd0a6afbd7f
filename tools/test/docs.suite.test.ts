import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from 'kb-sessions-client';
import { runningSuite, signUp } from 'kb-sessions-testing';
import { projectRoot } from '../support/folders.ts';
import { atAddresses, docExamples } from './support/doc-examples.ts';

const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const pages = ['README.md', ...globSync('docs/*.md', { cwd: projectRoot }).toSorted()];
const [program, ...continued] = docExamples(read('README.md'));

describe('the documentation', function () {
  this.timeout(120_000);
  let folder: string;
  // Inside the project, so that the packages which the examples import are found.
  before(async () => {
    folder = await mkdtemp(join(projectRoot, 'node_modules', '.docs-'));
  });
  after(() => rm(folder, { recursive: true }));

  const runProgram = async (name: string, code: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, code);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    return stdout;
  };
  const firstProgram = (): string => {
    const { auth, functions, projectId } = runningSuite();
    return atAddresses(program?.code ?? '', { auth, functions, projectId });
  };

  it('contains an example of every call', () => {
    const shown = pages.flatMap((page) => docExamples(read(page)).map(({ code }) => code)).join('\n');
    const calls = Object.keys(createClient(() => assert.fail('nothing is called')));
    for (const call of calls) assert.match(shown, new RegExp(`sessions\\.${call}\\b`), call);
  });

  it('contains in README.md a first program that prints the message it stored', async () => {
    const stdout = await runProgram('first.mjs', `${firstProgram()}\nprocess.exit();`);
    assert.match(stdout, /What does erf size mean\?/);
    assert.match(stdout, /seq: 1/);
  });

  it('contains in README.md examples that run in order after that program', async () => {
    const code = continued.filter(({ claim }) => claim === null).map((example) => example.code);
    await runProgram('continued.mjs', [firstProgram(), ...code, 'process.exit();'].join('\n'));
  });

  for (const page of pages.slice(1)) {
    const examples = docExamples(read(page)).filter(({ code }) => /\bsessions\./.test(code));
    for (const claim of new Set(examples.map((example) => example.claim))) {
      it(`contains in ${page} examples that run for ${claim ?? 'an owner'}`, async () => {
        const user = await signUp(runningSuite(), claim === null ? {} : { [claim]: true });
        try {
          const code = examples.filter((example) => example.claim === claim).map((example) => example.code);
          const file = join(folder, `${page.replaceAll(/\W/g, '-')}-${claim ?? 'owner'}.mjs`);
          const imports = "import * as client from 'kb-sessions-client';";
          const start =
            'export const run = async (functions) => { const { paginate, isSessionsError } = client; ' +
            'const sessions = client.createSessionsClient(functions);';
          await writeFile(file, [imports, start, ...code, '};'].join('\n'));
          const { run } = await import(pathToFileURL(file).href);
          await run(user.functions);
        } finally {
          await user.close();
        }
      });
    }
  }
});
