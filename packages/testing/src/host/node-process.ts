import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** A Node process that does not outlive this one, and what it writes. */
export class NodeProcess {
  /** Resolves when it has ended and all its output is here. */
  readonly exited: Promise<unknown>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #output = '';

  /** @param keepIn a folder for files of what it writes, a file for each stream */
  constructor(args: readonly string[], env: NodeJS.ProcessEnv, keepIn?: string) {
    this.#child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name].setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        if (keepIn !== undefined) appendFileSync(join(keepIn, `host-${this.#child.pid}.${name}`), text);
      });
    }
    const kill = () => this.signal('SIGKILL');
    process.once('exit', kill);
    this.exited = once(this.#child, 'close').finally(() => process.off('exit', kill));
  }

  /** Undefined where it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves once it has written a text to stdout. */
  async waitForOutput(text: string): Promise<void> {
    while (!this.#output.includes(text)) await once(this.#child.stdout, 'data');
  }

  /** Does nothing to a process that has ended. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}
