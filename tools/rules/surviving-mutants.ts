import { type Cell, cells } from './matrix.ts';
import type { Mutant } from './mutate-rules.ts';
import { openStage, type Stage } from './stage.ts';
import { tryCells } from './try-cells.ts';

type Cells = readonly Cell[];

/** Those mutants that no cell of the matrix tells from the rules themselves. */
export async function survivingMutants(mutants: readonly Mutant[]): Promise<Mutant[]> {
  const survivors: Mutant[] = [];
  // First the collections that the rules name: most mutants show there, and they are a quarter of the cells. What found
  // one mutant goes before them, because the next is often of the same kind.
  let order = [...rowsOf((column) => column !== 'elsewhere'), ...rowsOf((column) => column === 'elsewhere')];
  const stage = await openStage();
  try {
    for (const mutant of mutants) {
      await stage.play(mutant.source);
      const killer = await findKiller(stage, order);
      if (killer === null) survivors.push(mutant);
      else order = [killer, ...order.filter((row) => row !== killer)];
    }
  } finally {
    await stage.close();
  }
  return survivors;
}

function rowsOf(has: (column: string) => boolean): Cells[] {
  const within = cells.filter(({ column }) => has(column));
  return [...Map.groupBy(within, ({ name }) => name).values()];
}

async function findKiller(stage: Stage, order: readonly Cells[]): Promise<Cells | null> {
  for (const row of order) if ((await tryCells(stage, row)).length > 0) return row;
  return null;
}
