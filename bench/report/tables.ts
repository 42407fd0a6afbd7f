import { coldStartTable } from './cold-start-table.ts';
import { sentenceOf } from './conditions.ts';
import { contentionTable } from './contention-table.ts';
import { jobsTable } from './jobs-table.ts';
import { loadTable } from './load-table.ts';
import type { Measurement } from './measurement.ts';
import { turnTables } from './turn-tables.ts';

/** From the JSON of a measurement to what README.md shows of it. */
export type Show = (measurement: string) => string;

/** By the name of the benchmark, between whose markers they stand. */
export const tables: Readonly<Record<string, Show>> = {
  turn: show(turnTables),
  contention: show(contentionTable),
  'cold-start': show(coldStartTable),
  load: show(loadTable),
  jobs: show(jobsTable),
};

function show<Results>(table: (results: Results) => string): Show {
  return (measurement) => {
    const { conditions, results }: Measurement<Results> = JSON.parse(measurement);
    return `${sentenceOf(conditions)}\n\n${table(results)}`;
  };
}
