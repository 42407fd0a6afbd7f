import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A project outside the repository, with nothing but what is installed into it. */
export type EmptyProject = {
  path: string;
  write(file: string, content: string): Promise<void>;
  /** Runs a program of Node.js there. @throws Error with what it printed, where it fails */
  node(args: string[], node?: string): Promise<string>;
  /** Compiles there; what the compiler reports, a line each. */
  compile(compiler: string, tsconfig: object): Promise<string[]>;
  remove(): void;
};

/** Installs packages and tarballs into an empty project. */
export const installInto = async (packages: string[], flags: string[] = []): Promise<EmptyProject> => {
  const path = mkdtempSync(join(tmpdir(), 'kb-consumer-'));
  const write = async (file: string, content: string): Promise<void> => {
    await mkdir(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), content);
  };
  await write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const options = ['--no-audit', '--no-fund', '--prefer-offline', ...flags];
  await run('npm', ['install', ...options, ...packages], { cwd: path, maxBuffer: 64 * 1024 * 1024 });
  return {
    path,
    write,
    node: async (args, node = process.execPath) => (await run(node, args, { cwd: path })).stdout,
    compile: async (compiler, tsconfig) => {
      await write('tsconfig.json', JSON.stringify(tsconfig));
      const { stdout } = spawnSync(process.execPath, [compiler, '--pretty', 'false', '-p', path], {
        cwd: path,
        encoding: 'utf8',
      });
      return stdout.split('\n').filter((line) => line.includes('error TS'));
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
};
