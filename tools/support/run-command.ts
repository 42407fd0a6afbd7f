import { execa, type Options } from 'execa';
import { projectRoot } from './folders.ts';
import { InterruptedError, UserError } from './user-error.ts';

// Commands of the project's own packages come first, `node` 24 among them. A command that is asked to end and does not
// is killed 5 s later, and none outlives this process.
const options = { cwd: projectRoot, preferLocal: true, stdin: 'ignore', reject: false } satisfies Options;

/**
 * Runs a command in the project's folder without showing what it prints. When it fails, rejects with a
 * {@link UserError} that holds its output and says what failed. Once `cancelled` resolves, it and all that it started
 * are asked to end.
 */
export const runQuietly = async (
  what: string,
  command: string,
  args: readonly string[],
  cancelled?: Promise<unknown>,
): Promise<void> => {
  const { failed, isCanceled, all, signal, exitCode, originalMessage } = await execa(command, args, {
    ...options,
    all: true,
    killDescendants: true,
    ...(cancelled && { cancelSignal: abortedBy(cancelled) }),
  });
  if (isCanceled) throw new InterruptedError();
  const reason = signal ?? (exitCode === undefined ? originalMessage : `exit code ${exitCode}`);
  if (failed) throw new UserError(`${all}\n${what} failed (${reason}).`);
};

/** A command whose output is shown. */
export type VisibleCommand = {
  command: string;
  args: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** Once it resolves the command is asked to end. */
  cancelled: Promise<unknown>;
};

/** Runs a command in the project's folder and returns its exit code, or null when it was cancelled. */
export const runVisibly = async (visible: VisibleCommand): Promise<number | null> => {
  const { command, args, environment = {}, cancelled } = visible;
  const { isCanceled, exitCode = 1 } = await execa(command, args, {
    ...options,
    env: environment,
    stdin: 'inherit',
    stdout: 'inherit',
    stderr: 'inherit',
    cancelSignal: abortedBy(cancelled),
  });
  return isCanceled ? null : exitCode;
};

const abortedBy = (cancelled: Promise<unknown>): AbortSignal => {
  const controller = new AbortController();
  void cancelled.then(() => controller.abort());
  return controller.signal;
};
