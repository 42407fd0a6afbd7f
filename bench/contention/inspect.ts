import type { Written } from './write.ts';

export interface Damage {
  /** Turns that told their writer so. */
  readonly failed: number;
  /** Messages of turns that succeeded and are not in the history. */
  readonly lost: number;
  /** Messages that are in the history once too often. */
  readonly duplicated: number;
  /** Messages that stand before one that the same writer had said earlier. */
  readonly misordered: number;
}

/** Compares what writers were told with the history of the session. */
export function inspect(writers: readonly Written[], history: readonly string[]): Damage {
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
  const failed = writers.reduce((sum, { failures }) => sum + failures.length, 0);
  return { failed, lost, duplicated: history.length - places.size, misordered };
}
