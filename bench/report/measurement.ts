import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Conditions } from './conditions.ts';

/** What a benchmark has measured; `results/<name>.json` keeps that of the last full run, as JSON. */
export interface Measurement<Results> {
  readonly benchmark: string;
  readonly conditions: Conditions;
  readonly results: Results;
}

const fileOf = (benchmark: string) => join(import.meta.dirname, `../results/${benchmark}.json`);

export function keepMeasurement(benchmark: string, json: string): void {
  writeFileSync(fileOf(benchmark), json);
}

export function keptMeasurement(benchmark: string): string {
  return readFileSync(fileOf(benchmark), 'utf8');
}
