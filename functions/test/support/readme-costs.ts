import { readFileSync } from 'node:fs';

/** The rows between the README's markers, call → cost. */
export const readmeCosts = (): Map<string, string> => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const table = /<!-- costs -->\n([\s\S]*?)<!-- \/costs -->/.exec(readme)?.[1] ?? '';
  const rows = table.split('\n').flatMap((line) => {
    const [, call, cost] = /^\| (.+?) \| (\d+ \/ \d+ \/ \d+) \|$/.exec(line) ?? [];
    return call !== undefined && cost !== undefined ? [[call, cost] as const] : [];
  });
  return new Map(rows);
};
