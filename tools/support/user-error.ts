/** An error that a user can cause or mend: its message is one whole sentence, and nobody needs its stack. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

/** A command that was called the wrong way. */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}

/** The end of a command that was asked to end. */
export class InterruptedError extends UserError {
  override readonly name = 'InterruptedError';

  constructor() {
    super('Stopped.');
  }
}

/** The sentence to print for anything that was thrown; a mistake in our own code keeps its stack. */
export const explain = (thrown: unknown): string => {
  if (thrown instanceof UserError) return thrown.message;
  if (thrown instanceof Error) return thrown.stack ?? thrown.message;
  return String(thrown);
};
