export type Span = {
  startedAt: number;
  endedAt: number;
};

/** The length of the longest chain of spans in which each starts after the one before it has ended. */
export const longestChain = (spans: readonly Span[]): number => {
  let length = 0;
  let end = Number.NEGATIVE_INFINITY;
  // The span that ends first leaves the most room for the rest, so taking it is never worse than taking another.
  for (const span of spans.toSorted((a, b) => a.endedAt - b.endedAt)) {
    if (span.startedAt > end) {
      length += 1;
      end = span.endedAt;
    }
  }
  return length;
};
