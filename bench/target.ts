import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

const functions = join(import.meta.dirname, '../functions');

export const unbundled: Target = {
  name: 'kb-sessions, as built',
  source: functions,
  main: 'lib/index.js',
  params: parseEnv(readFileSync(join(functions, '.env'), 'utf8')),
  call: 'createSession',
};

/** A callable that answers nothing, with the functions' own firebase-functions, until `remove`. */
export function emptyCallable(): Target & { remove(): void } {
  const source = mkdtempSync(join(tmpdir(), 'kb-bench-'));
  symlinkSync(join(functions, 'node_modules'), join(source, 'node_modules'));
  writeFileSync(join(source, '.env'), '');
  writeFileSync(join(source, 'package.json'), '{ "type": "module", "main": "index.js" }');
  writeFileSync(
    join(source, 'index.js'),
    "import { onCall } from 'firebase-functions/https';\nexport const sessions = onCall(() => ({}));\n",
  );
  return {
    name: 'an empty callable of firebase-functions',
    source,
    main: 'index.js',
    params: {},
    call: '',
    remove: () => rmSync(source, { recursive: true }),
  };
}
