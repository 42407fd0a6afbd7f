export type Counts = Record<string, Record<string, number>>;

/** How often what happened, in all runs together. */
export class Coverage {
  readonly counts: Counts = {};

  add(what: string, kind: string, times = 1): void {
    const kinds = this.counts[what] ?? {};
    this.counts[what] = { ...kinds, [kind]: (kinds[kind] ?? 0) + times };
  }

  count(what: string, kind: string): number {
    return this.counts[what]?.[kind] ?? 0;
  }

  addAll(counts: Counts): void {
    for (const [what, kinds] of Object.entries(counts))
      for (const [kind, times] of Object.entries(kinds)) this.add(what, kind, times);
  }

  /** A line per thing that was counted, the most frequent first. */
  lines(): string[] {
    return Object.entries(this.counts)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, kinds]) => {
        const parts = Object.entries(kinds).toSorted(([, a], [, b]) => b - a);
        return `${what}: ${parts.map(([kind, times]) => `${kind} ${times}`).join(', ')}`;
      });
  }
}
