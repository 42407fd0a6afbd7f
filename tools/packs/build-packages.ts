import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, typescript } from '../support/folders.ts';
import { runQuietly } from '../support/run-command.ts';
import type { Manifest } from './published-manifest.ts';

/** The packages that are published, each after those that it depends on. */
export const PACKAGES = ['contract', 'sessions', 'client'] as const;

export type PackageName = (typeof PACKAGES)[number];

export const folderOf = (name: PackageName): string => join(projectRoot, 'packages', name);

export const manifestOf = (name: PackageName): Manifest =>
  JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8'));

/** Builds `dist/` of every published package: ES modules and their types. */
export const buildPackages = async (): Promise<void> => {
  for (const name of PACKAGES) {
    rmSync(join(folderOf(name), 'dist'), { recursive: true, force: true });
    await runQuietly(`The build of packages/${name}`, 'node', [
      typescript,
      '-p',
      join(folderOf(name), 'tsconfig.build.json'),
    ]);
  }
};
