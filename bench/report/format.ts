export const MEBIBYTE = 2 ** 20;

/** Formats a Markdown table. All columns but the first are right-aligned. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
};

/** Joins the values of one cell. Equal values are shown once. */
export const cell = (values: readonly string[]): string =>
  new Set(values).size === 1 ? (values[0] ?? '') : values.join(' / ');

/** Formats a number with one decimal below ten, unless it is an integer. */
export const short = (value: number): string =>
  value < 10 && !Number.isInteger(value) ? value.toFixed(1) : Math.round(value).toLocaleString('en');
