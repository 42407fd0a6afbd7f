import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
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
  const left = async () => (await readdir(functions)).filter((name) => name.startsWith('lib'));

  it('produces one complete lib/ and no other files when it runs twice in parallel', async () => {
    await Promise.all([build(), build()]);
    assert.deepEqual(await left(), ['lib']);
    await load();
  }).timeout(60_000);

  it('fails when a file to exclude no longer exists', async () => {
    await writeFile(join(functions, 'src/index.ts'), 'export {};\n');
    await assert.rejects(build(), /the bundle no longer contains .*whatwg-url/);
  });

  it('restores lib/ and leaves no other files when it fails', async () => {
    await build();
    await appendFile(join(functions, 'src/index.ts'), "throw new Error('on loading');\n");
    await assert.rejects(build(), /on loading/);
    assert.deepEqual(await left(), ['lib']);
    await load();
  }).timeout(60_000);
});
