import { performance } from 'node:perf_hooks';
import { proofs } from './security/proofs.ts';
import { tryUnchanged, tryWithout } from './security/try-proofs.ts';
import { projectRoot } from './support/folders.ts';
import { onInterrupt } from './support/on-interrupt.ts';
import { runMain } from './support/run-main.ts';
import { startProject } from './support/start-project.ts';
import { testEnvironment } from './support/test-environment.ts';
import { TEST_PARAMS } from './support/test-params.ts';
import { UsageError, UserError } from './support/user-error.ts';
import { makeWorkCopy } from './support/work-copy.ts';

// npm run security: removes protections of SECURITY.md from a copy of the project, one at a time, and checks that the
// test named for each of them fails. Without items it removes all that need the running functions; `npm run mutate` breaks
// the others.

const startedAt = performance.now();
const items = process.argv.slice(2);
const unknown = items.filter((item) => !proofs.some((proof) => proof.item === item));
const interrupted = onInterrupt();
await runMain(async () => {
  if (unknown.length > 0) throw new UsageError(`No protection belongs to ${unknown.join(', ')}.`);
  const chosen = proofs.filter(({ item }) => items.length === 0 || items.includes(item));
  const suite = await startProject({ ports: 'free', params: TEST_PARAMS, interrupted });
  const copy = makeWorkCopy(projectRoot);
  const stopped = new AbortController();
  void Promise.race([interrupted, suite.ended]).then(() => stopped.abort(new UserError('Stopped.')));
  try {
    const environment = { ...process.env, ...testEnvironment(suite) };
    const ground = { folder: copy.path, environment, signal: stopped.signal };
    const problems = await tryUnchanged(chosen, ground);
    if (problems.length > 0) throw new UserError(problems.join('\n'));
    let proven = 0;
    for (const proof of chosen) {
      const problem = await tryWithout(proof, ground);
      if (problem === null) proven += 1;
      console.log(`${proof.item} ${problem === null ? 'proven' : `NOT proven: ${problem}`} (${proof.file})`);
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.log(`${proven} of ${chosen.length} protections proven in ${seconds} s.`);
    return proven === chosen.length ? 0 : 1;
  } finally {
    copy.remove();
    await suite.stop();
  }
});
