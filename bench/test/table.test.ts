import assert from 'node:assert/strict';
import { short, table, together } from '../report/table.ts';

describe('table()', () => {
  it('is one in Markdown, with numbers to the right', () => {
    const rows = [
      ['a', '1', '2'],
      ['b', '3', '4'],
    ];
    const lines = ['|  | x | y |', '| --- | ---: | ---: |', '| a | 1 | 2 |', '| b | 3 | 4 |'];
    assert.equal(table(['', 'x', 'y'], rows), lines.join('\n'));
  });
});

describe('together()', () => {
  it('is one value where all are the same, and otherwise all of them', () => {
    assert.equal(together(['4', '4', '4']), '4');
    assert.equal(together(['4', '4', '5']), '4 / 4 / 5');
    assert.equal(together(['–', '–']), '–');
    assert.equal(together([]), '');
  });
});

describe('short()', () => {
  it('has a decimal below ten alone, and only where there is something behind it', () => {
    assert.deepEqual([0, 4, 2.25, 8.99, 10.4, 99.5, 2506.7].map(short), [
      '0',
      '4',
      '2.3',
      '9.0',
      '10',
      '100',
      '2,507',
    ]);
  });
});
