/** How often what happened, in all runs together. */
export class Tally {
  readonly #counts = new Map<string, Map<string, number>>();

  add(what: string, kind: string): void {
    const kinds = this.#counts.get(what) ?? new Map<string, number>();
    this.#counts.set(what, kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
  }

  count(what: string, kind: string): number {
    return this.#counts.get(what)?.get(kind) ?? 0;
  }

  /** A line per thing that was counted. */
  lines(): string[] {
    return [...this.#counts].map(([what, kinds]) => {
      const parts = [...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1));
      return `${what}: ${parts.map(([kind, count]) => `${kind} ${count}`).join(', ')}`;
    });
  }
}
