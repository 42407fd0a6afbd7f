import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { findLeaks } from './find-leaks.ts';

/** The output of the product while tests run. */
export type RunOutput = {
  /** The folder in which each host that a test starts keeps its output. */
  folder: string;
  /** Records a line of the emulators, which also print the lines of the functions. */
  record(line: string): void;
  /** Searches the output once nothing writes any more, prints each leak, and returns their number. */
  search(): Promise<number>;
  /** Deletes the output of the hosts without a search. */
  discard(): void;
};

/** @param emulatorsLog the file for the lines of the emulators */
export const createRunOutput = (emulatorsLog: string): RunOutput => {
  const folder = mkdtempSync(join(tmpdir(), 'kb-output-'));
  const log = createWriteStream(emulatorsLog);
  const discard = () => rmSync(folder, { recursive: true });
  return {
    folder,
    record: (line) => log.write(`${line}\n`),
    discard,
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
      if (leaks.length === 0) discard();
      return leaks.length;
    },
  };
};
