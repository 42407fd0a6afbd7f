import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from '../support/run-command.ts';
import { isNamed, type Proof, takeOut } from './proof.ts';
import { type Ground, runTests, type Titled } from './run-tests.ts';

/** Tests that run the built functions. */
const onTheBuild = /\.(host|suite)\.test\.ts$/;

/** Runs the tests of all proofs with every protection in place. What is wrong with them; nothing where the list is empty. */
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

/** Takes a protection out, runs its test, and puts it back. Null where the test fails, otherwise what it did instead. */
export async function tryWithout(proof: Proof, ground: Ground): Promise<string | null> {
  const { file, test } = proof;
  const path = join(ground.folder, file);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, takeOut(proof, whole));
  try {
    if (onTheBuild.test(test.file)) await build(ground);
    const { failures } = await runTests(ground, [test.file], [test.title]);
    const isHook = ({ fullTitle }: Titled) => fullTitle.includes('" hook ');
    if (failures.some((failure) => isNamed(test, failure) && !isHook(failure))) return null;
    return failures.find(isHook)?.fullTitle ?? 'the test passes';
  } finally {
    writeFileSync(path, whole);
  }
}

/** Types are not checked: a name that nothing uses any more is no reason not to run what is left. */
function build({ folder }: Ground): Promise<void> {
  return runQuietly('Building the functions', 'node', [join(folder, 'functions/bundle/build.mjs')]);
}
