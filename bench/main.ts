import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import { clearProject } from './clear-project.ts';
import { meterFirestore } from './proxy/metered-firestore.ts';
import { commitNow, conditionsNow } from './report/conditions.ts';
import { rewriteDocuments } from './report/documents.ts';
import { keepMeasurement, type Measurement } from './report/measurement.ts';
import { tables } from './report/tables.ts';

// node main.ts [names of benchmarks] [--json] [--quick] [--only words]: keeps what it measured in results/ and makes the
// tables again; with --json it prints what it would keep instead. --quick measures little, and --only some peers: for
// those who work on this, so they print the tables.

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

// What was started is ended, and what was made removed, on 'exit'.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

// Before results are written into the checkout.
const commit = commitNow();
const little = values.quick || values.only !== '';
const firestore = await meterFirestore(emulator);
process.env.FIRESTORE_EMULATOR_HOST = firestore.address;
try {
  for (const { name, run } of benchmarks) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const stage = {
      firestore,
      projectId: `demo-bench-${randomUUID()}`,
      log: (line: string) => console.error(line),
    };
    const { results, ...known } = await run(stage, { quick: values.quick, only: values.only });
    await clearProject(emulator, stage.projectId);
    const conditions = conditionsNow({ ...known, commit });
    const measurement: Measurement<unknown> = { benchmark: name, conditions, results };
    const json = `${JSON.stringify(measurement, null, 2)}\n`;
    if (values.json) process.stdout.write(json);
    else if (little) console.log(tables[name]?.(json) ?? json);
    else keepMeasurement(name, json);
  }
  // At the end, because some are made from the results of several.
  if (!values.json && !little) rewriteDocuments();
} finally {
  await firestore.stop();
}
