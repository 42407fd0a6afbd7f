import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';
import { text } from 'node:stream/consumers';
import { commandsFolder, projectRoot } from './folders.ts';
import { UserError } from './user-error.ts';

/**
 * Runs a command in the project's folder without showing what it prints. When it fails, rejects with a
 * {@link UserError} that holds its output and says what failed.
 */
export async function runQuietly(what: string, command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, {
    cwd: projectRoot,
    env: withCommands(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  if (code !== 0)
    throw new UserError(`${stdout}${stderr}\n${what} failed (${signal ?? `exit code ${code}`}).`);
}

/** A command whose output is shown. */
export interface VisibleCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Once it resolves the command is asked to end. */
  readonly cancelled: Promise<unknown>;
}

/** Runs a command in the project's folder and answers with its exit code, or null when it was cancelled. */
export async function runVisibly(options: VisibleCommand): Promise<number | null> {
  const { command, args, environment, cancelled } = options;
  const child = spawn(command, args, { cwd: projectRoot, env: withCommands(environment), stdio: 'inherit' });
  const exited = once(child, 'exit').then(([code]) => ({ code: typeof code === 'number' ? code : 1 }));
  const first = await Promise.race([exited, cancelled.then(() => null)]);
  if (first !== null) return first.code;
  child.kill('SIGTERM');
  await exited;
  return null;
}

function withCommands(environment: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...environment, PATH: [commandsFolder, process.env.PATH].join(delimiter) };
}
