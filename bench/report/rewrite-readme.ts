import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const readme = join(import.meta.dirname, '../README.md');

/** Puts a text between the markers `<!-- name -->` and `<!-- /name -->` of the README. */
export function rewriteReadme(name: string, text: string): void {
  const before = readFileSync(readme, 'utf8');
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = before.indexOf(start);
  const to = before.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md must hold ${start} and ${end}`);
  writeFileSync(readme, `${before.slice(0, from + start.length)}\n\n${text}\n\n${before.slice(to)}`);
}
