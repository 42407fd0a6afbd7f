import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** A Node process that ends with this process at the latest, and its output. */
export class NodeProcess {
  /** Resolves when the process has ended and its output is complete. */
  readonly exited: Promise<unknown>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #output = '';

  /** @param outputFolder a folder for the output, in one file per stream */
  constructor(args: readonly string[], env: NodeJS.ProcessEnv, outputFolder?: string) {
    this.#child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name].setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        if (outputFolder !== undefined)
          appendFileSync(join(outputFolder, `host-${this.#child.pid}.${name}`), text);
      });
    }
    const kill = () => this.signal('SIGKILL');
    process.once('exit', kill);
    this.exited = once(this.#child, 'close').finally(() => process.off('exit', kill));
  }

  /** Undefined if the process could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves when the process has written the text to stdout. */
  async waitForOutput(text: string): Promise<void> {
    while (!this.#output.includes(text)) await once(this.#child.stdout, 'data');
  }

  /** Sends a signal. Does nothing if the process has ended. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}
