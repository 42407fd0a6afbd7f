import type { Titled } from './run-tests.ts';

/** That a test fails when a protection is taken out of the product. */
export interface Proof {
  /** The item of SECURITY.md that the protection is part of. */
  readonly item: string;
  /** Where the protection is, from the project's folder. */
  readonly file: string;
  /** The protection as it stands there, once. */
  readonly find: string;
  /** What is left without it. */
  readonly replace: string;
  readonly test: NamedTest;
}

/** A test by its file, from the project's folder, and words of its title. */
export interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** Whether it is the test that is named. */
export function isNamed({ file, title }: NamedTest, test: Titled): boolean {
  return test.file === file && test.fullTitle.includes(title);
}

/** The text of `file` without the protection. Throws where that is not in it exactly once. */
export function takeOut({ item, file, find, replace }: Proof, text: string): string {
  const found = text.split(find).length - 1;
  if (found !== 1) throw new Error(`${item}: ${file} must hold this once, found ${found} times: ${find}`);
  return text.replace(find, () => replace);
}
