import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { inputsOf, type Measured } from '../scale/inputs.ts';
import { betweenMarkers } from './between-markers.ts';
import { keptMeasurement, type Measurement } from './measurement.ts';
import { scalePeersTable } from './scale-peers-table.ts';
import { scaleTables } from './scale-tables.ts';
import { tables } from './tables.ts';

/** A document that holds tables, as it is and as the kept measurements make it. */
export interface ReportDocument {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Every document whose tables are made from `results/`. */
export function documents(): ReportDocument[] {
  const readme = Object.entries(tables).map(([name, show]) => [name, show(keptMeasurement(name))] as const);
  return [withTables('bench/README.md', readme), withTables('docs/scale.md', Object.entries(scale()))];
}

export function rewriteDocuments(): void {
  for (const { path, after } of documents()) writeFileSync(path, after);
}

function scale(): Record<string, string> {
  const measured: Measured = {
    turn: resultsOf('turn'),
    load: resultsOf('load'),
    jobs: resultsOf('jobs'),
    scale: resultsOf('scale'),
  };
  const inputs = inputsOf(measured, parseEnv(readFileSync(inProject('functions/.env'), 'utf8')));
  return { ...scaleTables(inputs), peers: scalePeersTable(measured.turn, measured.scale.peers, inputs) };
}

function resultsOf<Results>(benchmark: string): Results {
  const { results }: Measurement<Results> = JSON.parse(keptMeasurement(benchmark));
  return results;
}

function withTables(file: string, texts: readonly (readonly [string, string])[]): ReportDocument {
  const path = inProject(file);
  const before = readFileSync(path, 'utf8');
  const after = texts.reduce((document, [name, text]) => betweenMarkers(document, name, text), before);
  return { path, before, after };
}

function inProject(file: string): string {
  return join(import.meta.dirname, '../..', file);
}
