import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { temporaryFolder } from './temporary-folder.ts';

/** Functions that are started from nothing. */
export interface Target {
  readonly name: string;
  /** Ours is what is deployed. */
  readonly kind: 'ours' | 'plain';
  /** The folder of their package, as it would be deployed. */
  readonly source: string;
  /** The module that is loaded, from that folder. */
  readonly main: string;
  readonly params: NodeJS.Dict<string>;
  /** What comes after the function's name in the first call's path. */
  readonly call: string;
}

const functions = join(import.meta.dirname, '../functions');
const typescript = join(import.meta.dirname, '../node_modules/typescript/bin/tsc');

export const deployed: Target = {
  name: 'kb-sessions, one file and what V8 compiled of it',
  kind: 'ours',
  source: functions,
  main: 'lib/index.cjs',
  params: parseEnv(readFileSync(join(functions, '.env'), 'utf8')),
  call: 'createSession',
};

/** The same, as where another V8 runs it than built it. */
export function withoutCache(): Target {
  const target = made('kb-sessions, one file alone', {});
  cpSync(join(functions, 'lib'), join(target.source, 'lib'), { recursive: true });
  const { cacheFile }: { cacheFile: string } = createRequire(import.meta.url)(
    join(target.source, 'lib/load.cjs'),
  );
  rmSync(cacheFile);
  return target;
}

/** As TypeScript leaves it: a file for each source, and the packages in theirs. */
export function unbundled(): Target {
  const target = made('kb-sessions, unbundled', { main: 'lib/index.js' });
  const project = join(functions, 'tsconfig.json');
  execFileSync(process.execPath, [
    typescript,
    '-p',
    project,
    '--noEmit',
    'false',
    '--outDir',
    join(target.source, 'lib'),
  ]);
  return target;
}

/** Answers nothing, with the functions' own firebase-functions. */
export function emptyCallable(): Target {
  const target = made('an empty callable of firebase-functions', { main: 'index.js', call: '' });
  writeFileSync(
    join(target.source, 'index.js'),
    "import { onCall } from 'firebase-functions/https';\nexport const sessions = onCall(() => ({}));\n",
  );
  return target;
}

/** In a folder of its own. */
function made(name: string, differences: Partial<Pick<Target, 'main' | 'call'>>): Target {
  const target: Target = { ...deployed, ...differences, name, kind: 'plain', source: temporaryFolder() };
  const { source, main } = target;
  symlinkSync(join(functions, 'node_modules'), join(source, 'node_modules'));
  copyFileSync(join(functions, '.env'), join(source, '.env'));
  writeFileSync(join(source, 'package.json'), JSON.stringify({ type: 'module', main }));
  return target;
}
