import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { projectRoot } from '../support/folders.ts';
import { folderOf, manifestOf, PACKAGES, type PackageName } from './build-packages.ts';
import { publishedManifest } from './published-manifest.ts';

/** A tarball as `npm publish` would upload it. */
export type Pack = {
  name: PackageName;
  file: string;
  packedBytes: number;
  unpackedBytes: number;
  files: number;
};

const report = z.tuple([
  z.looseObject({ filename: z.string(), size: z.int(), unpackedSize: z.int(), entryCount: z.int() }),
]);

/** Packs every published package, which must be built, into the folder `out`. */
export const packPackages = (out: string): Pack[] => {
  mkdirSync(out, { recursive: true });
  return PACKAGES.map((name) => packPackage(name, out));
};

const packPackage = (name: PackageName, out: string): Pack => {
  const stage = mkdtempSync(join(tmpdir(), 'kb-pack-'));
  try {
    const folder = folderOf(name);
    cpSync(join(folder, 'dist'), join(stage, 'dist'), { recursive: true });
    for (const file of ['README.md', 'CHANGELOG.md'])
      if (existsSync(join(folder, file))) cpSync(join(folder, file), join(stage, file));
    cpSync(join(projectRoot, 'LICENSE'), join(stage, 'LICENSE'));
    writeFileSync(
      join(stage, 'package.json'),
      `${JSON.stringify(publishedManifest(manifestOf(name)), null, 2)}\n`,
    );
    const args = ['pack', '--json', '--pack-destination', out];
    const [pack] = report.parse(JSON.parse(execFileSync('npm', args, { cwd: stage, encoding: 'utf8' })));
    return {
      name,
      file: join(out, pack.filename),
      packedBytes: pack.size,
      unpackedBytes: pack.unpackedSize,
      files: pack.entryCount,
    };
  } finally {
    rmSync(stage, { recursive: true });
  }
};
