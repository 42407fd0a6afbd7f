import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const NOT_COPIED = new Set(['.git', 'node_modules', 'coverage', 'reports', 'emulators.log']);

/** A copy of a project that may be changed, with the packages of the original. */
export type WorkCopy = {
  path: string;
  remove(): void;
};

/** Copies the project into a temporary folder. Its workspaces are the copy's own, all other packages are links. */
export const makeWorkCopy = (project: string): WorkCopy => {
  const path = mkdtempSync(join(tmpdir(), 'kb-copy-'));
  const isWanted = (source: string) =>
    !relative(project, source)
      .split('/')
      .some((part) => NOT_COPIED.has(part));
  cpSync(project, path, { recursive: true, filter: isWanted });
  const folders = globSync('{node_modules,{functions,web,packages/*}/node_modules}', { cwd: project });
  for (const folder of folders) linkPackages(join(project, folder), join(path, folder));
  return { path, remove: () => rmSync(path, { recursive: true }) };
};

const linkPackages = (from: string, to: string): void => {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    // npm links a workspace by a relative path, which leads to the copy's own here.
    symlinkSync(entry.isSymbolicLink() ? readlinkSync(source) : source, join(to, entry.name));
  }
};
