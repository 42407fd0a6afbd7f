import assert from 'node:assert/strict';

/** The cells of a table in Markdown, by the first of their row and their column; of the first table that has the row. */
export function readTable(text: string): (row: string, column: string) => string {
  const lines = text.split('\n').map((line) => line.split(/(?<!\\)\|/).slice(1, -1));
  const rows = lines.map((cells) => cells.map((cell) => cell.trim()));
  return (row, column) => {
    const at = rows.findIndex(([first]) => first === row);
    const head = rows.slice(0, at).findLast(([first]) => first === '') ?? assert.fail(`no row is ${row}`);
    return rows[at]?.[head.indexOf(column)] ?? assert.fail(`no column is ${column}`);
  };
}
