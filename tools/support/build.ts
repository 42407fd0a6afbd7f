import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './folders.ts';
import { runQuietly } from './run-command.ts';
import { withProgress } from './with-progress.ts';

/**
 * Builds what the emulators serve, functions/lib and web/dist, and reports it on stderr.
 * @param cancelled ends the build once it resolves
 */
export const build = async (cancelled?: Promise<unknown>): Promise<void> => {
  console.error('Building the functions and the web page.');
  await withProgress('Building', buildBoth(cancelled));
};

const buildBoth = async (cancelled?: Promise<unknown>): Promise<void> => {
  const functions = ['run', 'build', '--prefix', 'functions'];
  await runQuietly('Building the functions', 'npm', functions, cancelled);
  if (existsSync(join(projectRoot, 'web/index.html'))) {
    await runQuietly('Building the web page', 'npm', ['run', 'build', '--workspace', 'web'], cancelled);
  }
};
