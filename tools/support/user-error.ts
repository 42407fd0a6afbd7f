/** An error a user can cause or mend: its message is one whole sentence, and nobody needs its stack. */
export class UserError extends Error {
  override readonly name = 'PlainError';
}

/** The sentence to print for whatever was thrown; a mistake in our own code keeps its stack. */
export function explain(thrown: unknown): string {
  if (thrown instanceof UserError) return thrown.message;
  if (thrown instanceof Error) return thrown.stack ?? thrown.message;
  return String(thrown);
}
