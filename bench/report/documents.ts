import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { inputsOf, type Measured } from '../scale/inputs.ts';
import { betweenMarkers } from './between-markers.ts';
import { goalsTable, type Results } from './goals-table.ts';
import { keptMeasurement, type Measurement } from './measurement.ts';
import { scaleDates } from './scale-dates.ts';
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
  const goals = ['goals', goalsTable(allMeasured())] as const;
  return [
    withTables('bench/README.md', [...readme, goals]),
    withTables('docs/scale.md', Object.entries(scale())),
  ];
}

export function rewriteDocuments(): void {
  for (const { path, after } of documents()) writeFileSync(path, after);
}

function scale(): Record<string, string> {
  const turn = measurementOf<Measured['turn']>('turn');
  const load = measurementOf<Measured['load']>('load');
  const jobs = measurementOf<Measured['jobs']>('jobs');
  const around = measurementOf<Measured['scale']>('scale');
  const measured: Measured = {
    turn: turn.results,
    load: load.results,
    jobs: jobs.results,
    scale: around.results,
  };
  const inputs = inputsOf(measured, parseEnv(readFileSync(inProject('functions/.env'), 'utf8')));
  return {
    ...scaleTables(inputs),
    peers: scalePeersTable(measured.turn, measured.scale.peers, inputs),
    measured: scaleDates([turn, load, jobs, around]),
  };
}

function allMeasured(): Results {
  const resultsOf = <Name extends keyof Results>(name: Name): Results[Name] =>
    measurementOf<Results[Name]>(name).results;
  return {
    turn: resultsOf('turn'),
    contention: resultsOf('contention'),
    'cold-start': resultsOf('cold-start'),
    load: resultsOf('load'),
    jobs: resultsOf('jobs'),
  };
}

function measurementOf<Results>(benchmark: string): Measurement<Results> {
  return JSON.parse(keptMeasurement(benchmark));
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
