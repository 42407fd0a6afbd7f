import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

describe('bundle/build.mjs', () => {
  let folder: string;
  let functions: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'builds-'));
    functions = join(folder, 'functions');
    await mkdir(functions);
    for (const part of ['functions/bundle', 'functions/src'])
      await cp(join(root, part), join(folder, part), { recursive: true });
    for (const part of ['node_modules', 'functions/node_modules'])
      await symlink(join(root, part), join(folder, part));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const build = () => run(process.execPath, [join(functions, 'bundle/build.mjs')]);
  const load = () =>
    run(process.execPath, ['--eval', "require('./lib/index.cjs'); process.exit()"], { cwd: functions });
  /** The hashes of the files in lib/, by their names. */
  const read = async (): Promise<Map<string, string>> => {
    const files = (await readdir(join(functions, 'lib'))).toSorted();
    const hashOf = async (file: string) => hash('sha256', await readFile(join(functions, 'lib', file)));
    return new Map(await Promise.all(files.map(async (file) => [file, await hashOf(file)] as const)));
  };
  const left = async () => (await readdir(functions)).filter((name) => name.startsWith('lib'));

  it('produces one complete lib/ and no other files when it runs twice in parallel', async () => {
    await Promise.all([build(), build()]);
    assert.deepEqual(await left(), ['lib']);
    await load();
  });

  it('builds equal files from equal sources, so that the functions are not deployed again', async () => {
    await build();
    const first = await read();
    await build();
    assert.deepEqual(await read(), first);
  });

  it('builds an equal bundle in an empty folder, except for the V8 cache', async () => {
    await build();
    const first = await read();
    await rm(join(functions, 'lib'), { recursive: true });
    await build();
    const second = await read();
    assert.deepEqual([...second.keys()], [...first.keys()]);
    const differing = [...second].filter(([name, hash]) => first.get(name) !== hash).map(([name]) => name);
    assert.deepEqual(
      differing.filter((name) => !name.endsWith('.cache')),
      [],
    );
  });

  it('builds a new cache after a change of the sources', async () => {
    await build();
    await appendFile(join(functions, 'src/index.ts'), 'export const another = 1;\n');
    await build();
    const script =
      "console.log(require('./lib/load.cjs').run({ exports: {} }).cachedDataRejected); process.exit()";
    const { stdout } = await run(process.execPath, ['--eval', script], { cwd: functions });
    assert.equal(stdout, 'false\n');
  });

  it('fails when a file to exclude no longer exists', async () => {
    await writeFile(join(functions, 'src/index.ts'), 'export {};\n');
    await assert.rejects(build(), /the bundle no longer contains .*whatwg-url/);
  });

  it('keeps lib/ unchanged and leaves no other files when it fails', async () => {
    await build();
    await appendFile(join(functions, 'src/index.ts'), "throw new Error('on loading');\n");
    await assert.rejects(build(), /on loading/);
    assert.deepEqual(await left(), ['lib']);
    await load();
  });
});
