import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** Functions that are started from nothing. */
export interface Target {
  readonly name: string;
  /** The folder of their package, as it would be deployed. */
  readonly source: string;
  /** The module that is loaded, from that folder. */
  readonly main: string;
  readonly params: NodeJS.Dict<string>;
  /** What comes after the function's name in the first call's path. */
  readonly call: string;
}

/** In a folder of its own, until `remove`. */
export interface MadeTarget extends Target {
  remove(): void;
}

const functions = join(import.meta.dirname, '../functions');

export const deployed: Target = {
  name: '**kb-sessions**, one file and what V8 compiled of it',
  source: functions,
  main: 'lib/index.cjs',
  params: parseEnv(readFileSync(join(functions, '.env'), 'utf8')),
  call: 'createSession',
};

/** The same, as where a Node of another version runs it than built it. */
export function withoutCache(): MadeTarget {
  const target = made({ ...deployed, name: 'the same, one file alone' });
  cpSync(join(functions, 'lib'), join(target.source, 'lib'), { recursive: true });
  rmSync(join(target.source, 'lib/functions.cache'));
  return target;
}

/** As TypeScript leaves it: a file for each source, and the packages in theirs. */
export function unbundled(): MadeTarget {
  const target = made({ ...deployed, name: 'the same, unbundled', main: 'lib/index.js' });
  const project = join(functions, 'tsconfig.json');
  execFileSync('tsc', ['-p', project, '--noEmit', 'false', '--outDir', join(target.source, 'lib')]);
  return target;
}

/** Answers nothing, with the functions' own firebase-functions. */
export function emptyCallable(): MadeTarget {
  const name = 'an empty callable of firebase-functions';
  const target = made({ ...deployed, name, main: 'index.js', call: '' });
  writeFileSync(
    join(target.source, 'index.js'),
    "import { onCall } from 'firebase-functions/https';\nexport const sessions = onCall(() => ({}));\n",
  );
  return target;
}

function made(target: Target): MadeTarget {
  const source = mkdtempSync(join(tmpdir(), 'kb-bench-'));
  symlinkSync(join(functions, 'node_modules'), join(source, 'node_modules'));
  copyFileSync(join(functions, '.env'), join(source, '.env'));
  writeFileSync(join(source, 'package.json'), JSON.stringify({ type: 'module', main: target.main }));
  return { ...target, source, remove: () => rmSync(source, { recursive: true }) };
}
