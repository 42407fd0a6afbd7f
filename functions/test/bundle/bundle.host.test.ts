import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';

const run = promisify(execFile);
const functions = join(import.meta.dirname, '../..');

describe('the deployed bundle', () => {
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

  it('needs no packages and maps logged errors to the source files', async () => {
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
    assert.match(line ?? output(), /packages\/sessions\/src\/firestore\/deadline\.ts:\d+:\d+/);
  });

  it('loads its compiled code from the V8 cache, even in another folder', async () => {
    const { functions: all } = (await load()) as { functions: string[] };
    assert.ok(all.includes('sessions') && all.includes('expireSessions'));
    assert.deepEqual(await load(), { cachedDataRejected: false, functions: all });
  });

  it('contains no path of the build folder in its cache', async () => {
    assert.equal((await readFile(await cacheIn(source))).includes(functions), false);
  });

  it('starts without a cache or with one that V8 rejects', async () => {
    const { functions: all } = (await load()) as { functions: string[] };
    assert.deepEqual(await load('--no-lazy'), { cachedDataRejected: true, functions: all });
    await rm(await cacheIn(source));
    assert.deepEqual(await load(), { functions: all });
  });

  it('ignores a cache that is damaged, truncated or empty', async () => {
    const { functions: all } = (await load()) as { functions: string[] };
    const file = await cacheIn(source);
    const whole = await readFile(file);
    const damaged = Buffer.from(whole);
    const middle = whole.length >> 1;
    for (let at = middle; at < middle + 32; at += 1) damaged.writeUInt8(damaged.readUInt8(at) ^ 0xff, at);
    for (const content of [damaged, whole.subarray(0, -1), Buffer.alloc(0)]) {
      await writeFile(file, content);
      assert.deepEqual(await load(), { functions: all });
    }
  });

  it('rejects the cache of a different source with the same length', async () => {
    const file = join(source, 'lib/functions.cjs');
    const bundle = await readFile(file, 'latin1');
    const other = bundle.replaceAll('expireSessions', 'retireSessions');
    assert.equal(other.length, bundle.length);
    await writeFile(file, other, 'latin1');
    const { functions: all } = (await load()) as { functions: string[] };
    assert.ok(all.includes('retireSessions'), `${all}`);
  });
});
