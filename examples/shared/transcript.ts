import { isDeepStrictEqual } from 'node:util';

/** Prints a demo as it goes on, and compares what it shows with what it promises. */
export class Transcript {
  readonly #missed: string[] = [];
  #shown = 0;

  scene(title: string): void {
    console.log(`\n${title}`);
  }

  say(speaker: string, text: string): void {
    console.log(`  ${speaker.padEnd(9)} ${text}`);
  }

  /** Compares one promise of the demo with what was found. */
  shows(promise: string, found: unknown, expected: unknown): void {
    if (isDeepStrictEqual(found, expected)) {
      this.#shown += 1;
      console.log(`  ✓ ${promise}`);
      return;
    }
    this.#missed.push(promise);
    console.log(`  ✗ ${promise}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
  }

  /** Prints the sum, and returns the exit code: 1 where a promise was broken. */
  finish(): 0 | 1 {
    console.log(`\n${this.#shown} of ${this.#shown + this.#missed.length} promises kept.`);
    for (const promise of this.#missed) console.log(`Not kept: ${promise}`);
    return this.#missed.length === 0 ? 0 : 1;
  }
}
