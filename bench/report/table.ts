/** A table in Markdown; the columns after the first are to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** Values that belong together, as one where they are the same. */
export function together(values: readonly string[]): string {
  return new Set(values).size === 1 ? (values[0] ?? '') : values.join(' / ');
}

/** Enough digits to tell values apart, and no more. */
export function short(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}
