import { FirebaseError } from 'firebase/app';
import type { Cell } from './matrix.ts';
import type { Stage } from './stage.ts';

/** Tries the cells, and answers with a sentence for each that came out otherwise than it says. */
export async function tryCells(stage: Stage, cells: readonly Cell[]): Promise<string[]> {
  const outcomes = await Promise.all(cells.map((cell) => isAllowed(stage, cell)));
  return cells
    .filter((cell, index) => cell.allow !== outcomes[index])
    .map(
      ({ name, caller, collection, allow }) =>
        `${name}, ${collection}, ${caller.name}: ${allow ? 'refused' : 'allowed'}`,
    );
}

// Whatever else goes wrong is no answer of the rules.
async function isAllowed(stage: Stage, { operation, collection, caller }: Cell): Promise<boolean> {
  try {
    await operation({ db: stage.as(caller), path: collection, uid: caller.uid });
    return true;
  } catch (error) {
    if (error instanceof FirebaseError && error.code === 'permission-denied') return false;
    throw error;
  }
}
