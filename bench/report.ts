import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMeasurement, readMeasurement } from './report/measurement.ts';
import { tables } from './report/tables.ts';
import { type Results, targetsTable } from './report/targets-table.ts';
import { type Measured, scaleTexts } from './scale.ts';

// node bench/report.ts: regenerates all tables from results/, without measuring.

/** A document with generated texts: its current content, and the content that the results give. */
type GeneratedDocument = { path: string; current: string; generated: string };

export const generateDocuments = (): GeneratedDocument[] => {
  const readme = Object.entries(tables).map(([name, show]): [string, string] => [
    name,
    show(readMeasurement(name)),
  ]);
  return [
    generate('bench/README.md', { ...Object.fromEntries(readme), targets: targetsTable(allResults()) }),
    generate('docs/scale.md', scaleTexts(allResults(), datesOf(['turn', 'load', 'jobs', 'scale']))),
  ];
};

export const rewriteDocuments = (): void => {
  for (const { path, generated } of generateDocuments()) writeFileSync(path, generated);
};

const allResults = (): Results & Measured => {
  const names = ['turn', 'contention', 'cold-start', 'load', 'jobs', 'scale'];
  const results = names.map((name) => [name, parseMeasurement(readMeasurement(name)).results]);
  return Object.fromEntries(results);
};

const datesOf = (benchmarks: string[]): [benchmark: string, date: string][] =>
  benchmarks.map((name) => [name, parseMeasurement(readMeasurement(name)).conditions.date]);

const generate = (file: string, texts: Record<string, string>): GeneratedDocument => {
  const path = join(import.meta.dirname, '..', file);
  const current = readFileSync(path, 'utf8');
  const generated = Object.entries(texts).reduce(
    (document, [name, text]) => replaceBetweenMarkers(document, name, text),
    current,
  );
  return { path, current, generated };
};

/** Replaces the text between `<!-- name -->` and `<!-- /name -->`. @throws Error if a marker is missing */
export const replaceBetweenMarkers = (document: string, name: string, text: string): string => {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = document.indexOf(start);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the document must contain ${start} and ${end}`);
  return `${document.slice(0, from + start.length)}\n\n${text}\n\n${document.slice(to)}`;
};

if (import.meta.main) rewriteDocuments();
