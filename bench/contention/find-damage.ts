import { sumOf } from '../stats.ts';
import type { WriterLog } from './take-turns.ts';

export type Damage = {
  /** Turns that failed with an error. */
  failed: number;
  /** Messages of successful turns that are missing from the history. */
  lost: number;
  /** Surplus copies of messages in the history. */
  duplicated: number;
  /** Messages that precede an earlier message of the same writer. */
  misordered: number;
};

/** Compares the acknowledged messages of the writers with the history of the session. */
export const findDamage = (writers: readonly WriterLog[], history: readonly string[]): Damage => {
  const places = new Map<string, number>();
  for (const [place, content] of history.entries()) if (!places.has(content)) places.set(content, place);
  let lost = 0;
  let misordered = 0;
  for (const { acknowledged } of writers) {
    let last = -1;
    for (const content of acknowledged) {
      const place = places.get(content);
      if (place === undefined) lost += 1;
      else if (place < last) misordered += 1;
      else last = place;
    }
  }
  const failed = sumOf(writers, ({ failures }) => failures.length);
  return { failed, lost, duplicated: history.length - places.size, misordered };
};
