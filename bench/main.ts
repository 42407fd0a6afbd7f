import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { clearProject } from './bench-context.ts';
import { benchmarks } from './benchmarks.ts';
import { meterFirestore } from './proxy/metered-firestore.ts';
import { currentCommit, currentConditions, keepMeasurement, type Measurement } from './report/measurement.ts';
import { tables } from './report/tables.ts';
import { rewriteDocuments } from './report.ts';

// node main.ts [names of benchmarks] [--json] [--quick] [--only text]: writes the results to results/ and regenerates
// the tables. --json prints the results instead. --quick measures briefly, and --only the peers whose name contains the
// text; both are for work on the benchmarks, and print the tables.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const unknown = positionals.find((name) => benchmarks.every((benchmark) => benchmark.name !== name));
if (unknown !== undefined) {
  throw new Error(`a benchmark is ${benchmarks.map(({ name }) => name).join(' or ')}, found ${unknown}`);
}
const emulator = process.env.FIRESTORE_EMULATOR_HOST;
if (emulator === undefined) throw new Error('FIRESTORE_EMULATOR_HOST must name an emulator: npm run bench');

// The handlers of 'exit' end processes and remove folders.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

// Read before results change the working copy.
const commit = currentCommit();
const isPartial = values.quick || values.only !== '';
const firestore = await meterFirestore(emulator);
process.env.FIRESTORE_EMULATOR_HOST = firestore.address;
try {
  for (const { name, run } of benchmarks) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const projectId = `demo-bench-${randomUUID()}`;
    const context = { firestore, projectId, log: (line: string) => console.error(line) };
    const { results, ...circumstances } = await run(context, { quick: values.quick, only: values.only });
    await clearProject(emulator, projectId);
    const conditions = currentConditions({ ...circumstances, commit });
    const measurement: Measurement<unknown> = { benchmark: name, conditions, results };
    const json = `${JSON.stringify(measurement, null, 2)}\n`;
    if (values.json) process.stdout.write(json);
    else if (isPartial) console.log(tables[name]?.(json) ?? json);
    else keepMeasurement(name, json);
  }
  // At the end, because some tables need the results of several benchmarks.
  if (!values.json && !isPartial) rewriteDocuments();
} finally {
  await firestore.stop();
}
