import { isAscii } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ofOwnSources } from './of-own-sources.mjs';

// Makes lib/, which is deployed: all that the functions need in one file, so that a start reads and compiles that alone.
// In plain JavaScript, for whatever Node somebody deploys with.

const functions = join(import.meta.dirname, '..');
const lib = join(functions, 'lib');
const bundle = join(lib, 'functions.cjs');

// Nothing of an older one may stay: V8 tells its cache from that of another source by the length alone.
rmSync(lib, { recursive: true, force: true });
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
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'external',
  // What Node puts round a CommonJS module.
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
  logLevel: 'warning',
});
// Read as Latin-1, which V8 keeps in one byte a character. esbuild escapes what is more, but in regular expressions.
if (!isAscii(readFileSync(bundle)))
  throw new Error('lib/functions.cjs must be ASCII: escape it in the source');
const map = `${bundle}.map`;
writeFileSync(map, ofOwnSources(readFileSync(map, 'utf8')));
for (const file of ['index.cjs', 'load.cjs']) copyFileSync(join(import.meta.dirname, file), join(lib, file));
execFileSync(process.execPath, [join(import.meta.dirname, 'write-cache.cjs')], { stdio: 'inherit' });
