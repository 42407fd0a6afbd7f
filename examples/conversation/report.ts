import { isDeepStrictEqual } from 'node:util';

/** Prints a transcript and keeps what was to be seen and was not. */
export class Report {
  readonly #missed: string[] = [];
  #seen = 0;

  scene(title: string): void {
    console.log(`\n${title}`);
  }

  say(who: string, text: string): void {
    console.log(`  ${who.padEnd(9)} ${text}`);
  }

  /** One thing that the demo promises to show. */
  shows(what: string, found: unknown, expected: unknown): void {
    if (isDeepStrictEqual(found, expected)) {
      this.#seen += 1;
      console.log(`  ✓ ${what}`);
      return;
    }
    this.#missed.push(what);
    console.log(`  ✗ ${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
  }

  /** Prints the sum; the exit code. */
  close(): 0 | 1 {
    console.log(`\n${this.#seen} of ${this.#seen + this.#missed.length} things shown.`);
    for (const what of this.#missed) console.log(`Not seen: ${what}`);
    return this.#missed.length === 0 ? 0 : 1;
  }
}

/** Reads until `accepts` is content with what it gets or the time is up; returns what was read last. */
export async function eventually<Value>(
  read: () => Promise<Value>,
  accepts: (value: Value) => boolean,
  withinMs = 30_000,
): Promise<Value> {
  const deadline = Date.now() + withinMs;
  while (true) {
    const value = await read();
    if (accepts(value) || Date.now() >= deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** What a call failed with, as the client has it; null if it did not fail. */
export async function failureOf(call: Promise<unknown>): Promise<object | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ...error, message: error.message, cause: undefined };
  }
}
