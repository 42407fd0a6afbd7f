import { readFileSync } from 'node:fs';

/** The rows between the markers of docs/costs.md: call → cost. */
export const documentedCosts = (): Map<string, string> => {
  const page = readFileSync(new URL('../../../docs/costs.md', import.meta.url), 'utf8');
  const table = /<!-- costs -->\n([\s\S]*?)<!-- \/costs -->/.exec(page)?.[1] ?? '';
  const rows = table.split('\n').flatMap((line) => {
    const [, call, cost] = /^\| (.+?) \| (\d+ \/ \d+ \/ \d+) \|$/.exec(line) ?? [];
    return call !== undefined && cost !== undefined ? [[call, cost] as const] : [];
  });
  return new Map(rows);
};
