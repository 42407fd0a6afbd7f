import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './support/eventually.ts';
import { type Hosted, startHosted } from './support/hosted.ts';

const run = promisify(execFile);
const functions = join(import.meta.dirname, '..');

describe('the bundle that is deployed', () => {
  let source: string;
  let hosted: Hosted | undefined;
  beforeEach(async () => {
    source = await mkdtemp(join(tmpdir(), 'deployed-'));
    for (const part of ['lib', 'package.json', '.env'])
      await cp(join(functions, part), join(source, part), { recursive: true });
  });
  afterEach(async () => {
    await hosted?.stop();
    hosted = undefined;
    await rm(source, { recursive: true });
  });

  const cacheIn = async (folder: string): Promise<string> => {
    const [name, ...more] = (await readdir(join(folder, 'lib'))).filter((file) => file.endsWith('.cache'));
    assert.deepEqual(more, []);
    return join(folder, 'lib', name ?? assert.fail('no cache'));
  };

  const load = async (...flags: string[]): Promise<unknown> => {
    const script = `
      const module = { exports: {} };
      const { cachedDataRejected } = require('./lib/load.cjs').run(module);
      console.log(JSON.stringify({ cachedDataRejected, functions: Object.keys(module.exports) }));
      process.exit();`;
    const { stdout } = await run(process.execPath, [...flags, '--eval', script], { cwd: source });
    return JSON.parse(stdout);
  };

  it('needs no packages, and leads the errors that it logs to our sources', async () => {
    hosted = await startHosted({ source, params: { RPC_DEADLINE_MS: '2000' } });
    const user = await hosted.signIn();
    const { session_id } = await hosted.call(user, 'createSession', {});
    hosted.proxy.faults.add({
      methods: ['BatchGetDocuments'],
      when: 'before',
      effect: { kind: 'black-hole' },
    });
    await hosted.refused(user, 'endSession', { session_id });
    const output = hosted.hosts[0]?.output ?? assert.fail();
    const failed = /"call":"endSession".*"error":.*/;
    const [line] =
      failed.exec(
        await eventually(
          async () => output(),
          (text) => failed.test(text),
        ),
      ) ?? [];
    assert.match(line ?? output(), /src\/session\/firestore\/in-time\.ts:\d+:\d+/);
  });

  it('takes what V8 has compiled of it from its cache, in another folder too', async () => {
    const { functions: all } = (await load()) as { functions: string[] };
    assert.ok(all.includes('sessions') && all.includes('expireSessions'));
    assert.deepEqual(await load(), { cachedDataRejected: false, functions: all });
  });

  it('is the same where it is built again, so that it is not deployed again', async () => {
    const built = await readFile(await cacheIn(source));
    const lib = join(source, 'lib');
    await cp(join(functions, 'bundle'), join(source, 'bundle'), { recursive: true });
    const flags = ['--random-seed=1', join(source, 'bundle/write-cache.cjs'), lib];
    await run(process.execPath, flags);
    const once = await readFile(await cacheIn(source));
    await run(process.execPath, flags);
    assert.ok(once.equals(await readFile(await cacheIn(source))));
    assert.equal(once.length > 0 && built.length > 0, true);
  });

  it('is loaded all the same where V8 does not take the cache, or there is none', async () => {
    const { functions: all } = (await load()) as { functions: string[] };
    assert.deepEqual(await load('--no-lazy'), { cachedDataRejected: true, functions: all });
    await rm(await cacheIn(source));
    assert.deepEqual(await load(), { functions: all });
  });
});
