import { isAscii } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { dropUnreachable } from './drop-unreachable.mjs';
import { ownSourceMap } from './own-source-map.mjs';

// Makes lib/, which is deployed: all that the functions need in one file, so that a start reads and compiles that alone.
// In plain JavaScript, for whatever Node somebody deploys with.

const functions = join(import.meta.dirname, '..');
const lib = join(functions, 'lib');
// Somebody may be served from `lib` meanwhile, and another build may run.
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
    // Half as much to read. Names stay: stacks have them.
    minifyWhitespace: true,
    minifySyntax: true,
    // Loaded only where there is one.
    external: ['redis'],
    plugins: [dropUnreachable],
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'external',
    // What Node puts round a CommonJS module.
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
    logLevel: 'warning',
  });
  // Read as Latin-1, which V8 keeps in one byte a character. esbuild escapes what is more, but in regular expressions.
  if (!isAscii(readFileSync(bundle))) throw new Error('functions.cjs must be ASCII: escape it in the source');
  const map = `${bundle}.map`;
  writeFileSync(map, ownSourceMap(readFileSync(map, 'utf8')));
  for (const file of ['index.cjs', 'load.cjs'])
    copyFileSync(join(import.meta.dirname, file), join(made, file));
  // Unchanged functions make an unchanged cache, or firebase-tools would deploy them again; and V8 takes one that was made
  // with other options for that of another version.
  const flags = ['--random-seed=1', join(import.meta.dirname, 'write-cache.cjs'), made];
  execFileSync(process.execPath, flags, { stdio: 'inherit', env: { ...process.env, NODE_OPTIONS: '' } });
};

/** Whether a folder was moved, and not kept from it by what `unless` names. */
const moves = (from, to, unless) => {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (error.code === unless) return false;
    throw error;
  }
};

try {
  await make();
  // Nothing of an older one may stay, and nothing be mixed with another's, which may be moved there meanwhile.
  do {
    rmSync(replaced, { recursive: true, force: true });
    moves(lib, replaced, 'ENOENT');
  } while (!moves(made, lib, 'ENOTEMPTY'));
} finally {
  for (const left of [made, replaced]) rmSync(left, { recursive: true, force: true });
}
