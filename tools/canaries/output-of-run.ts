import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { findLeaks } from './find-leaks.ts';

/** All that the product writes while tests run. */
export interface OutputOfRun {
  /** Where each host that a test starts keeps what it writes. */
  readonly folder: string;
  /** To be told each line of the emulators, the functions' among them. */
  emulators(line: string): void;
  /** Searches all of it once nothing writes any more, and prints what there is in it that must not be. How much that is. */
  search(): Promise<number>;
}

/** @param emulatorsLog where the lines of the emulators are kept */
export function outputOfRun(emulatorsLog: string): OutputOfRun {
  const folder = mkdtempSync(join(tmpdir(), 'kb-output-'));
  const log = createWriteStream(emulatorsLog);
  return {
    folder,
    emulators: (line) => log.write(`${line}\n`),
    search: async () => {
      await finished(log.end());
      const hosts = readdirSync(folder).map((file) => join(folder, file));
      const instances = new Set(hosts.map((file) => file.replace(/\.\w+$/, ''))).size;
      const texts = [emulatorsLog, ...hosts].map((file) => ({ file, text: readFileSync(file, 'utf8') }));
      const lines = texts.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0);
      const leaks = texts.flatMap(({ file, text }) => findLeaks(text).map((leak) => ({ file, ...leak })));
      for (const { file, line, what, beginning } of leaks)
        console.log(`${file}:${line}: ${what} ${beginning}`);
      console.log(
        `Searched ${lines} lines of the emulators and ${instances} hosts: ${leaks.length} findings.`,
      );
      if (leaks.length === 0) rmSync(folder, { recursive: true });
      return leaks.length;
    },
  };
}
