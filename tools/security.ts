import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startSuite } from './emulators/suite.ts';
import { proofs } from './security/proofs.ts';
import { type Item, readItems } from './security/read-items.ts';
import type { Ground } from './security/run-tests.ts';
import { tryUnchanged, tryWithout } from './security/try-proofs.ts';
import { makeWorkCopy } from './security/work-copy.ts';
import { build } from './support/build.ts';
import { projectRoot } from './support/folders.ts';
import { onInterrupt } from './support/on-interrupt.ts';
import { runMain } from './support/run-main.ts';
import { testEnvironment } from './support/test-environment.ts';
import { TEST_PARAMS } from './support/test-params.ts';
import { UserError } from './support/user-error.ts';

// npm run prove [-- S05 S17 …]: takes the protections of SECURITY.md out of a copy of the project, one at a time, and
// sees whether the tests that are named for them fail. Exits with 1 where one does not.

const began = performance.now();
const interrupted = onInterrupt();
await runMain(async () => {
  const named = process.argv.slice(2);
  const items = readItems(readFileSync(join(projectRoot, 'SECURITY.md'), 'utf8'));
  await build();
  const suite = await startSuite({ ports: 'free', params: TEST_PARAMS, log: () => {} });
  const copy = makeWorkCopy(projectRoot);
  const stopped = new AbortController();
  void Promise.race([interrupted, suite.ended]).then(() => stopped.abort(new UserError('Stopped.')));
  try {
    const environment = { ...process.env, ...testEnvironment(suite) };
    const ground = { folder: copy.path, environment, signal: stopped.signal };
    return await prove(
      items.filter(({ id }) => named.length === 0 || named.includes(id)),
      ground,
    );
  } finally {
    copy.remove();
    await suite.stop();
  }
});

async function prove(items: readonly Item[], ground: Ground): Promise<number> {
  const wanted = proofs.filter(({ item }) => items.some(({ id }) => id === item));
  const problems = await tryUnchanged(wanted, ground);
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  const exempt = items.filter(({ isExempt }) => isExempt);
  let proven = 0;
  for (const { id } of items.filter((item) => !exempt.includes(item))) {
    const own = wanted.filter(({ item }) => item === id);
    const survivors: string[] = [];
    for (const proof of own) {
      const instead = await tryWithout(proof, ground);
      if (instead !== null) survivors.push(`  without "${proof.find}" in ${proof.file}: ${instead}`);
    }
    const isProven = own.length > 0 && survivors.length === 0;
    if (isProven) proven += 1;
    console.log(`${id} ${isProven ? 'proven' : 'NOT proven'}, ${own.length} taken out`);
    for (const survivor of survivors) console.log(survivor);
  }
  console.log(`${proven} / ${items.length} proven, ${exempt.length} do not apply.`);
  console.log(
    `${wanted.length} protections taken out in ${Math.round((performance.now() - began) / 1000)} s.`,
  );
  return proven + exempt.length === items.length ? 0 : 1;
}
