import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { temporaryFolder } from './bench-context.ts';

/** A build of the functions, or of a comparable function. */
export type FunctionBuild = {
  name: string;
  /** `ours` is the build that is deployed. */
  kind: 'ours' | 'plain';
  /** The folder of the package, as it would be deployed. */
  source: string;
  /** The module that is loaded, relative to `source`. */
  main: string;
  params: NodeJS.Dict<string>;
  /** The part of the first call's path after the name of the function. */
  call: string;
};

const root = join(import.meta.dirname, '..');
const functions = join(root, 'functions');
/** The packages of the workspace that the functions use. */
const PACKAGES = ['packages/contract', 'packages/sessions'];
const typescript = join(root, 'node_modules/typescript/bin/tsc');

export const deployedBuild: FunctionBuild = {
  name: 'kb-sessions, one file and what V8 compiled of it',
  kind: 'ours',
  source: functions,
  main: 'lib/index.cjs',
  params: parseEnv(readFileSync(join(functions, '.env'), 'utf8')),
  call: 'createSession',
};

/** The deployed build without its code cache, as on another version of V8 than that of the build. */
export const withoutCache = (): FunctionBuild => {
  const build = newBuild('kb-sessions, one file alone');
  linkPackages(functions, build.source);
  cpSync(join(functions, 'lib'), join(build.source, 'lib'), { recursive: true });
  const { cacheFile }: { cacheFile: string } = createRequire(import.meta.url)(
    join(build.source, 'lib/load.cjs'),
  );
  rmSync(cacheFile);
  return build;
};

/** The output of TypeScript: one file per source, and all packages as separate files. */
export const unbundled = (): FunctionBuild => {
  const build = newBuild('kb-sessions, unbundled', { main: 'lib/functions/src/index.js' });
  const lib = join(build.source, 'lib');
  const project = join(build.source, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    rootDir: root,
    outDir: lib,
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const include = ['functions', ...PACKAGES].map((folder) => join(root, folder, 'src'));
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include };
  writeFileSync(project, JSON.stringify(config));
  execFileSync(process.execPath, [typescript, '-p', project], { stdio: 'inherit' });
  linkPackages(functions, join(lib, 'functions'));
  for (const folder of PACKAGES) {
    const [from, to] = [join(root, folder), join(lib, folder)];
    const manifest = readFileSync(join(from, 'package.json'), 'utf8');
    // The packages of the workspace export their sources, which Node would compile at each start.
    writeFileSync(join(to, 'package.json'), manifest.replaceAll('.ts"', '.js"'));
    linkPackages(from, to);
    const { name }: { name: string } = JSON.parse(manifest);
    const link = join(build.source, 'node_modules', name);
    rmSync(link);
    symlinkSync(to, link);
  }
  return build;
};

/** A function that answers nothing, with the same version of firebase-functions. */
export const emptyCallable = (): FunctionBuild => {
  const build = newBuild('an empty callable of firebase-functions', { main: 'index.js', call: '' });
  writeFileSync(
    join(build.source, 'index.js'),
    "import { onCall } from 'firebase-functions/https';\nexport const sessions = onCall(() => ({}));\n",
  );
  return build;
};

/** Creates a folder for a build, with the params and the packages of the workspace. */
const newBuild = (
  name: string,
  differences: Partial<Pick<FunctionBuild, 'main' | 'call'>> = {},
): FunctionBuild => {
  const build: FunctionBuild = {
    ...deployedBuild,
    ...differences,
    name,
    kind: 'plain',
    source: temporaryFolder(),
  };
  linkPackages(root, build.source);
  copyFileSync(join(functions, '.env'), join(build.source, '.env'));
  writeFileSync(join(build.source, 'package.json'), JSON.stringify({ type: 'module', main: build.main }));
  return build;
};

/** Links the packages that are installed in one folder into another, in addition to those there. */
const linkPackages = (from: string, to: string): void => {
  const [source, target] = [join(from, 'node_modules'), join(to, 'node_modules')];
  if (!existsSync(source)) return;
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(source)) {
    const link = join(target, name);
    rmSync(link, { recursive: true, force: true });
    symlinkSync(join(source, name), link);
  }
};
