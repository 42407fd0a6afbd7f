import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import { meterFirestore } from './proxy/metered-firestore.ts';
import { rewriteReadme } from './report/rewrite-readme.ts';

// node main.ts [names of benchmarks] [--json] [--quick] [--only words]: with --json it prints what it measured, otherwise
// it rewrites the tables of README.md. --quick measures little, and --only some peers: for those who work on this, so
// they print the tables.

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
    const { results, tables } = await run(stage, { quick: values.quick, only: values.only });
    if (values.json) console.log(JSON.stringify({ benchmark: name, results }, null, 2));
    else if (values.quick || values.only !== '') console.log(tables);
    else rewriteReadme(name, tables);
  }
} finally {
  await firestore.stop();
}
