import type { NamedTest } from './proof.ts';

/** A row of the table in SECURITY.md. */
export interface Item {
  readonly id: string;
  readonly tests: readonly NamedTest[];
  /** Whether the row says why there is nothing to prove. */
  readonly isExempt: boolean;
}

const row = /^\| (S\d\d) \| [^|]+ \| ([^|]+) \|$/gm;
const test = /^`([^`]+)`: (.+)$/;

/** Reads the table of SECURITY.md. Throws where a row names neither tests nor a reason. */
export function readItems(text: string): Item[] {
  return [...text.matchAll(row)].map(([, id = '', proof = '']) => {
    if (proof.startsWith('Does not apply: ')) return { id, tests: [], isExempt: true };
    const tests = proof.split('<br>').map((named) => {
      const [, file, title] = test.exec(named) ?? [];
      if (file === undefined || title === undefined)
        throw new Error(`${id} must name \`file\`: title, found ${named}`);
      return { file, title };
    });
    return { id, tests, isExempt: false };
  });
}
