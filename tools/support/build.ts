import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './folders.ts';
import { runQuietly } from './run-command.ts';

/** Builds what the emulators serve: functions/lib and web/dist. */
export async function build(): Promise<void> {
  await runQuietly('Building the functions', 'npm', ['run', 'build', '--prefix', 'functions']);
  if (existsSync(join(projectRoot, 'web/index.html'))) {
    await runQuietly('Building the web page', 'npm', ['run', 'build', '--workspace', 'web']);
  }
}
