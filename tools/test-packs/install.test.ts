import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { buildPackages } from '../packs/build-packages.ts';
import { type Pack, packPackages } from '../packs/pack-packages.ts';
import { projectRoot } from '../support/folders.ts';
import { type EmptyProject, installInto } from './empty-project.ts';

// npm run test:packs: installs what is published into empty projects, from tarballs, and uses it there.

const MINUTE_MS = 60_000;
const NODES = ['20', '24'];
const module = (path: string): string => join(projectRoot, 'node_modules', path);
const COMPILERS = { '5.9': module('typescript-5/bin/tsc'), '7.0': module('typescript/bin/tsc') };
const FIREBASE = `firebase@${JSON.parse(readFileSync(module('firebase/package.json'), 'utf8')).version}`;

const RIGHT = `
import { createSessionsClient, isSessionsError, paginate } from 'kb-sessions-client';
import { initializeApp } from 'firebase/app';
import { getFunctions } from 'firebase/functions';
const sessions = createSessionsClient(getFunctions(initializeApp({ projectId: 'demo' })));
export const play = async (): Promise<number | null> => {
  const { session_id } = await sessions.createSession();
  const { seq } = await sessions.addMessage({ session_id, role: 'user', content: 'Hello', metadata: { intent: 'greeting' } });
  for await (const { sessions: exported } of paginate(sessions.exportMyData, { limit: 10 })) console.log(exported?.length);
  const { session } = await sessions.getSession({ session_id });
  console.log(session.status satisfies 'active' | 'escalated' | 'ended' | 'expired', isSessionsError(seq));
  return seq;
};
`;
const WRONG = `
import type { SessionsClient } from 'kb-sessions-client';
export const play = async (sessions: SessionsClient) => {
  await sessions.addMessage({ wrong: 1 });
  await sessions.addMessage({ session_id: 'a', role: 'bot', content: 'b' });
  await sessions.getSession();
};
`;
const CALL = `
import { createClient, directTransport } from 'kb-sessions-client';
const answer = { session_id: 'a', messages: [], next_before_seq: null, complete: true };
const transport = directTransport({ 'getHistory': async () => answer, getHistory: { run: async () => answer } }, () => null);
const client = createClient(transport);
console.log(JSON.stringify(await client.getHistory({ session_id: 'a' })));
`;
const SESSIONS = `
import { SessionManager, SessionError } from 'kb-sessions';
import { MemoryStore } from 'kb-sessions/memory';
const day = 86_400_000;
const limits = {
  idleTimeoutMs: day, lifetimeMs: day, touchIntervalMs: 0, retentionMs: day, messagesPerSession: 50, recentMessages: 20,
  expiryShards: 1, analyticsShards: 1, openSessionsPerUser: 0,
};
const manager = new SessionManager({ store: new MemoryStore({ limits }), ownersMayAnswer: false });
const caller = { user_id: 'thandi', trusted: false, email: null, name: null };
const { session_id } = await manager.createSession(caller, {});
const { seq } = await manager.addMessage(caller, { session_id, role: 'user', content: 'Hello', recover: false });
console.log(seq, SessionError.name);
process.exit();
`;

describe('the published packages in an empty project', function () {
  this.timeout(5 * MINUTE_MS);
  let out: string;
  let files: Record<Pack['name'], string>;
  let nodes: EmptyProject;
  before(async () => {
    out = await mkdtemp(join(tmpdir(), 'kb-packs-'));
    await buildPackages();
    files = Object.fromEntries(packPackages(out).map(({ name, file }) => [name, file])) as typeof files;
    nodes = await installInto(NODES.map((version) => `node-${version}@npm:node@${version}`));
  });
  after(() => {
    nodes?.remove();
    rmSync(out, { recursive: true });
  });
  const nodeOf = (version: string): string => join(nodes.path, `node_modules/node-${version}/bin/node`);

  describe('kb-sessions-client', () => {
    let project: EmptyProject;
    before(async () => {
      project = await installInto([files.client, FIREBASE]);
      await project.write('right.ts', RIGHT);
      await project.write('wrong.ts', WRONG);
      await project.write('call.mjs', CALL);
    });
    after(() => project?.remove());

    it('brings along neither zod nor the types of Node.js', () => {
      const { packages } = JSON.parse(readFileSync(join(project.path, 'package-lock.json'), 'utf8'));
      const installed = Object.keys(packages);
      for (const name of ['zod', 'kb-sessions-contract'])
        assert.ok(!installed.includes(`node_modules/${name}`), name);
    });

    for (const [version, compiler] of Object.entries(COMPILERS)) {
      for (const resolution of ['nodenext', 'bundler']) {
        it(`compiles right calls and refuses wrong ones with TypeScript ${version}, ${resolution}`, async () => {
          const module = resolution === 'bundler' ? 'esnext' : 'nodenext';
          const options = {
            strict: true,
            noEmit: true,
            target: 'es2022',
            lib: ['es2022', 'dom', 'dom.iterable', 'esnext.asynciterable'],
            module,
            moduleResolution: resolution,
            skipLibCheck: false,
            types: [],
          };
          const right = await project.compile(compiler, { compilerOptions: options, files: ['right.ts'] });
          const inFirebase = right.filter((line) => /node_modules\/(@firebase|firebase)\//.test(line));
          for (const line of inFirebase) console.log(`      in Firebase's own types: ${line}`);
          assert.deepEqual(
            right.filter((line) => !inFirebase.includes(line)),
            [],
          );
          const wrong = await project.compile(compiler, { compilerOptions: options, files: ['wrong.ts'] });
          const lines = wrong.flatMap((line) => /^wrong\.ts\((\d+)/.exec(line)?.[1] ?? []);
          assert.deepEqual([...new Set(lines)], ['4', '5', '6'], wrong.join('\n'));
        });
      }
    }

    for (const version of NODES) {
      it(`makes a call under Node.js ${version}`, async () => {
        const stdout = await project.node(['call.mjs'], nodeOf(version));
        assert.match(stdout, /"complete":true/);
      });

      it(`is loaded by require() under Node.js ${version}`, async () => {
        const script =
          "console.log(typeof require('kb-sessions-client').createSessionsClient); process.exit()";
        await project.write('require.cjs', script);
        assert.match(await project.node(['require.cjs'], nodeOf(version)), /function/);
      });
    }

    it('is bundled by Vite', async () => {
      await project.write('index.html', '<script type="module" src="/right.ts"></script>');
      const built = await build({
        root: project.path,
        configFile: false,
        logLevel: 'error',
        build: { write: false },
      });
      assert.ok(!Array.isArray(built) && 'output' in built);
      const code = built.output.flatMap((file) => (file.type === 'chunk' ? file.code : [])).join('');
      assert.match(code, /createSession/);
      assert.doesNotMatch(code, /ZodError/);
    });
  });

  describe('kb-sessions', () => {
    let project: EmptyProject;
    before(async () => {
      project = await installInto([files.contract, files.sessions]);
      await project.write('sessions.mts', SESSIONS);
      await project.write('sessions.mjs', SESSIONS);
    });
    after(() => project?.remove());

    for (const version of NODES) {
      it(`stores a message in memory under Node.js ${version}`, async () => {
        assert.match(await project.node(['sessions.mjs'], nodeOf(version)), /^1 SessionError/);
      });
    }

    for (const [version, compiler] of Object.entries(COMPILERS)) {
      it(`compiles with TypeScript ${version} and checks its own types`, async () => {
        await project.write(
          'globals.d.ts',
          'declare const console: { log(...values: unknown[]): void };\ndeclare const process: { exit(): never };\n',
        );
        const compilerOptions = {
          strict: true,
          noEmit: true,
          target: 'es2022',
          lib: ['es2022'],
          module: 'nodenext',
          skipLibCheck: false,
          types: [],
        };
        const errors = await project.compile(compiler, {
          compilerOptions,
          files: ['sessions.mts', 'globals.d.ts'],
        });
        const own = errors.filter((line) => !/node_modules\/(?!kb-sessions)/.test(line));
        for (const line of errors.filter((line) => !own.includes(line)))
          console.log(`      in a dependency: ${line}`);
        assert.deepEqual(own, []);
      });
    }

    it('brings firebase-admin along, as its peer', async () => {
      const script =
        "import('kb-sessions/firestore').then((entry) => { console.log(typeof entry.FirestoreStore); process.exit(); })";
      assert.match(await project.node(['--eval', script]), /function/);
    });

    it('names the package to install where the optional peer redis is missing', async () => {
      const script = `
        import { RedisJournal } from 'kb-sessions/redis';
        const journal = RedisJournal.connect('redis://127.0.0.1:1', { entries: 1, bytes: 1 });
        await journal.size().catch((error) => console.log(String(error), String(error.cause)));
        process.exit();`;
      assert.match(await project.node(['--input-type=module', '--eval', script]), /npm install redis/);
    });
  });

  describe('kb-sessions without its peer', () => {
    it('fails with the name of the package that is missing', async () => {
      const project = await installInto([files.contract, files.sessions], ['--legacy-peer-deps']);
      try {
        const load = project.node([
          '--eval',
          "import('kb-sessions/firestore').catch((error) => { console.log(error.message); process.exit(); })",
        ]);
        assert.match(await load, /Cannot find package 'firebase-admin'/);
      } finally {
        project.remove();
      }
    });
  });
});
