import { cpSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const notCopied = new Set(['.git', 'node_modules', 'coverage', 'emulators.log']);
const packages = ['node_modules', 'functions/node_modules', 'packages/sessions/node_modules'];

/** A copy of a project that may be changed, on the packages of the original. */
export interface WorkCopy {
  readonly path: string;
  remove(): void;
}

/** Copies the project into a temporary folder. Its workspaces are the copy's own, all other packages are links. */
export function makeWorkCopy(project: string): WorkCopy {
  const path = mkdtempSync(join(tmpdir(), 'kb-prove-'));
  const isWanted = (source: string) =>
    !relative(project, source)
      .split('/')
      .some((part) => notCopied.has(part));
  cpSync(project, path, { recursive: true, filter: isWanted });
  for (const folder of packages) linkPackages(join(project, folder), join(path, folder));
  return { path, remove: () => rmSync(path, { recursive: true }) };
}

function linkPackages(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    // npm links a workspace by a relative path, which leads to the copy's own here.
    symlinkSync(entry.isSymbolicLink() ? readlinkSync(source) : source, join(to, entry.name));
  }
}
