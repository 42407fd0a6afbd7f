import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from '../support/run-command.ts';
import { isNamed, type Proof, takeOut } from './proof.ts';
import { type Ground, runTests, type Titled } from './run-tests.ts';

/** Tests that run the built functions. */
const needsBuild = /\.(host|suite)\.test\.ts$/;

/** Runs the tests of all proofs with every protection in place. Returns a sentence for each that is missing or fails. */
export async function tryUnchanged(proofs: readonly Proof[], ground: Ground): Promise<string[]> {
  const files = new Set(proofs.map(({ test }) => test.file));
  const words = new Set(proofs.map(({ test }) => test.title));
  await build(ground);
  const { tests, failures } = await runTests(ground, [...files], [...words]);
  return [
    ...proofs
      .filter(({ test: named }) => !tests.some((test) => isNamed(named, test)))
      .map(
        ({ item, test: { file, title } }) => `${item}: ${file} has no test with this in its title: ${title}`,
      ),
    ...failures.map(({ file, fullTitle }) => `fails with every protection in place: ${file}: ${fullTitle}`),
  ];
}

/**
 * Removes a protection, runs its test, and puts the protection back. Null where the test fails, otherwise what it did
 * instead. A test that only times out proves nothing: the machine may be busy.
 */
export async function tryWithout(proof: Proof, ground: Ground): Promise<string | null> {
  const { file, test } = proof;
  const path = join(ground.folder, file);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, takeOut(proof, whole));
  try {
    if (needsBuild.test(test.file)) await build(ground);
    const { failures } = await runTests(ground, [test.file], [test.title]);
    const isHook = ({ fullTitle }: Titled) => fullTitle.includes('" hook ');
    const isTimeout = ({ err }: Titled) => err?.message?.startsWith('Timeout of') ?? false;
    const failed = failures.filter((failure) => isNamed(test, failure) && !isHook(failure));
    if (failed.some((failure) => !isTimeout(failure))) return null;
    if (failed.length > 0) return 'the test timed out';
    return failures.find(isHook)?.fullTitle ?? 'the test passes';
  } finally {
    writeFileSync(path, whole);
  }
}

/** Does not check types: an unused name must not keep the rest from running. */
function build({ folder }: Ground): Promise<void> {
  return runQuietly('Building the functions', 'node', [join(folder, 'functions/bundle/build.mjs')]);
}
