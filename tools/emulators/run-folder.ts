import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FirebaseConfig } from './suite-config.ts';

/** The temporary folder of one run of the suite. */
export type RunFolder = {
  path: string;
  /** First on the PATH of firebase-tools, with the shim of `java`. */
  commands: string;
  /** A jar of its own for firebase-tools to check, so that it downloads none. */
  placeholderJar: string;
  /** The file in which the shim writes the process id of the emulator. */
  javaPid: string;
  remove(): void;
};

/** What goes into a {@link RunFolder}. */
export type RunFolderContent = {
  projectRoot: string;
  config: FirebaseConfig;
  /** Files of functions/ with params, as far as they exist. A later one overrides an earlier one. */
  envFiles: readonly string[];
  /** Params of this run, which override the files. */
  params: Readonly<Record<string, string>>;
};

const SHIM = join(import.meta.dirname, './java-shim.sh');

/**
 * Makes the folder in which firebase-tools runs. Its logs, sockets and settings end up there too, so nothing of the run
 * is left once the folder is removed.
 */
export const makeRunFolder = (content: RunFolderContent): RunFolder => {
  const path = mkdtempSync(join(tmpdir(), 'kb-suite-'));
  const commands = join(path, 'bin');
  const placeholderJar = join(path, 'placeholder.jar');
  symlinkSync(content.projectRoot, join(path, 'project'));
  writeFileSync(join(path, 'firebase.json'), JSON.stringify(content.config));
  writeFileSync(placeholderJar, '');
  mkdirSync(commands);
  copyFileSync(SHIM, join(commands, 'java'));
  chmodSync(join(commands, 'java'), 0o755);
  writeParams(content, join(path, 'env'));
  return {
    path,
    commands,
    placeholderJar,
    javaPid: join(path, 'java.pid'),
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
};

/**
 * firebase-tools reads `.env`, `.env.<project>` and `.env.local` of the code base's `configDir`, of which a later one
 * overrides an earlier one, and all override its own environment. Hence the params of the run go into the last file.
 */
const writeParams = (content: RunFolderContent, folder: string): void => {
  mkdirSync(folder);
  for (const file of content.envFiles) {
    const source = join(content.projectRoot, 'functions', file);
    if (existsSync(source)) copyFileSync(source, join(folder, file));
  }
  const lines = Object.entries(content.params).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  if (lines.length > 0) writeFileSync(join(folder, '.env.local'), `\n${lines.join('')}`, { flag: 'a' });
};
