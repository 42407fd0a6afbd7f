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
export interface RunFolder {
  readonly path: string;
  /** First on the PATH of firebase-tools; holds the stand-in for `java`. */
  readonly commands: string;
  /** Exists so that firebase-tools has a jar of its own to check and nothing to download. */
  readonly placeholderJar: string;
  /** Where the stand-in notes the emulator's process id. */
  readonly javaPid: string;
  remove(): void;
}

/** What goes into a {@link RunFolder}. */
export interface RunFolderContent {
  readonly projectRoot: string;
  readonly config: FirebaseConfig;
  /** Files of functions/ with parameters, those that exist; a later one wins over an earlier. */
  readonly envFiles: readonly string[];
  /** Parameters for this run alone, which win over the files. */
  readonly params: Readonly<Record<string, string>>;
}

const standIn = join(import.meta.dirname, './java-stand-in.sh');

/**
 * Makes the folder that firebase-tools runs in. Its logs, sockets and settings end up there too, so removing it
 * leaves nothing of the run.
 */
export function makeRunFolder(content: RunFolderContent): RunFolder {
  const path = mkdtempSync(join(tmpdir(), 'kb-suite-'));
  const commands = join(path, 'bin');
  const placeholderJar = join(path, 'placeholder.jar');
  symlinkSync(content.projectRoot, join(path, 'project'));
  writeFileSync(join(path, 'firebase.json'), JSON.stringify(content.config));
  writeFileSync(placeholderJar, '');
  mkdirSync(commands);
  copyFileSync(standIn, join(commands, 'java'));
  chmodSync(join(commands, 'java'), 0o755);
  writeParams(content, join(path, 'env'));
  return {
    path,
    commands,
    placeholderJar,
    javaPid: join(path, 'java.pid'),
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

/**
 * firebase-tools reads `.env`, `.env.<project>` and `.env.local` of the code base's `configDir`, a later one winning, and
 * gives them to the functions over whatever its own environment says. Hence overrides go into the last file.
 */
function writeParams(content: RunFolderContent, folder: string): void {
  mkdirSync(folder);
  for (const file of content.envFiles) {
    const source = join(content.projectRoot, 'functions', file);
    if (existsSync(source)) copyFileSync(source, join(folder, file));
  }
  const lines = Object.entries(content.params).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  if (lines.length > 0) writeFileSync(join(folder, '.env.local'), `\n${lines.join('')}`, { flag: 'a' });
}
