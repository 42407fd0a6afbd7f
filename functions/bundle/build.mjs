import { isAscii } from 'node:buffer';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { dropUnreachable } from './drop-unreachable.mjs';
import { oneCopy } from './one-copy.mjs';
import { ownSourceMap } from './own-source-map.mjs';

// Builds lib/, which is deployed: one file with all dependencies, so that a start reads and compiles one file only. The
// build is plain JavaScript, because the Node of the deploying machine may not strip types.

const functions = join(import.meta.dirname, '..');
const lib = join(functions, 'lib');
// Another process may serve from `lib` meanwhile, and another build may run.
const made = `${lib}.new-${randomUUID()}`;
const replaced = `${made}.replaced`;
const bundle = join(made, 'functions.cjs');

const make = async () => {
  await build({
    absWorkingDir: functions,
    entryPoints: ['src/index.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // Halves the size. Names stay, because stacks contain them.
    minifyWhitespace: true,
    minifySyntax: true,
    // Only loaded if REDIS_URL is set.
    external: ['redis'],
    plugins: [dropUnreachable, oneCopy],
    metafile: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'external',
    // The wrapper that Node puts around a CommonJS module.
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
    logLevel: 'warning',
  });
  // load.cjs reads the file as Latin-1, which V8 stores in one byte per character. esbuild escapes other characters, but
  // not in regular expressions.
  if (!isAscii(readFileSync(bundle))) throw new Error('functions.cjs must be ASCII: escape it in the source');
  const map = `${bundle}.map`;
  writeFileSync(map, ownSourceMap(readFileSync(map, 'utf8')));
  for (const file of ['index.cjs', 'load.cjs'])
    copyFileSync(join(import.meta.dirname, file), join(made, file));
  // V8 takes a cache that was made with other options for that of another version.
  const env = { ...process.env, NODE_OPTIONS: '' };
  if (keepCache(env)) return;
  const script = join(import.meta.dirname, 'write-cache.cjs');
  execFileSync(process.execPath, [script, made], { stdio: 'inherit', env });
};

/**
 * Takes the cache of the last build if V8 accepts it for this bundle. V8 makes another cache each time, and firebase-tools
 * would deploy unchanged functions again. Returns false if there is no such cache.
 */
const keepCache = (env) => {
  const { cacheFile } = createRequire(import.meta.url)(join(made, 'load.cjs'));
  try {
    copyFileSync(join(lib, basename(cacheFile)), cacheFile);
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
  const load = `process.exit(require('./load.cjs').run({ exports: {} }).cachedDataRejected === false ? 0 : 1)`;
  const isAccepted = spawnSync(process.execPath, ['--eval', load], { cwd: made, env }).status === 0;
  if (!isAccepted) rmSync(cacheFile);
  return isAccepted;
};

/** Moves a folder. Returns false if that fails with the error code `expectedCode`. */
const moveFolder = (from, to, expectedCode) => {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (error.code === expectedCode) return false;
    throw error;
  }
};

try {
  await make();
  // No file of an older build may stay, and another build may move its files there meanwhile.
  do {
    rmSync(replaced, { recursive: true, force: true });
    moveFolder(lib, replaced, 'ENOENT');
  } while (!moveFolder(made, lib, 'ENOTEMPTY'));
} finally {
  for (const left of [made, replaced]) rmSync(left, { recursive: true, force: true });
}
