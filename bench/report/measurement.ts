import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** The circumstances of a measurement. */
export type Conditions = {
  /** `yyyy-mm-dd` */
  date: string;
  /** The sources, as `git describe --always --dirty` prints them; empty outside a repository. */
  commit: string;
  node: string;
  cpus: number;
  model: string;
  /** The delay of each RPC in the proxy. */
  delayMs: number;
  /** The number and length of the measurements. */
  how: string;
};

/** The content of `results/<benchmark>.json`: the results of the last complete run. */
export type Measurement<Results> = { benchmark: string; conditions: Conditions; results: Results };

export const currentCommit = (): string => {
  const options = { cwd: import.meta.dirname, encoding: 'utf8' } as const;
  return spawnSync('git', ['describe', '--always', '--dirty'], options).stdout?.trim() ?? '';
};

export const currentConditions = (known: Pick<Conditions, 'commit' | 'delayMs' | 'how'>): Conditions => ({
  date: new Date().toISOString().slice(0, 10),
  node: process.versions.node,
  cpus: cpus().length,
  model: cpus()[0]?.model ?? 'an unknown processor',
  ...known,
});

const fileOf = (benchmark: string) => join(import.meta.dirname, `../results/${benchmark}.json`);

export const keepMeasurement = (benchmark: string, json: string): void => {
  writeFileSync(fileOf(benchmark), json);
};

/** Returns the JSON of the kept measurement. */
export const readMeasurement = (benchmark: string): string => readFileSync(fileOf(benchmark), 'utf8');

export const parseMeasurement = <Results>(json: string): Measurement<Results> => JSON.parse(json);
