/** Returns the smallest value that is not below this share (0 to 1) of the values; NaN without values. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const sumOf = <Item>(items: readonly Item[], select: (item: Item) => number): number =>
  items.reduce((sum, item) => sum + select(item), 0);

/** Returns the items in random order, so that no item always follows the same other one. */
export const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
