import assert from 'node:assert/strict';
import { scaleTables } from '../report/scale-tables.ts';
import { readTable } from './support/read-table.ts';
import { nothing, smallInputs } from './support/scale-inputs.ts';

const counting = {
  ...nothing,
  writes: 1,
  indexEntries: 2,
  shared: { shards: 1 },
  documents: { kb_sessions: 1 },
};
const inputs = {
  ...smallInputs,
  operations: { ...smallInputs.operations, onMessageCreated: counting },
};

/** The cell of a table whose first row names what the columns are of. */
function cellsOf(name: string): (row: string, column: string) => string {
  const text = scaleTables(inputs)[name] ?? assert.fail(`no table is ${name}`);
  return readTable(text.replace(/^\| [^|]+ \| 1,000 sessions/, '|  | 1,000 sessions'));
}

describe('scaleTables()', () => {
  it('say what is assumed, apart from what was metered', () => {
    const lines = scaleTables(inputs).assumptions?.split('\n') ?? [];
    assert.match(
      lines[0] ?? '',
      /1 turn a minute, and 2 messages .* loaded 2 times\. Of sessions 50 % are ended/,
    );
    assert.match(lines[1] ?? '', /^- Kept for 32 days/);
    assert.match(lines[2] ?? '', /50 % busy, have one vCPU and 0\.25 GiB, and take 80 requests at once/);
    assert.match(lines[3] ?? '', /metered: getSession 2, addMessage 4, getHistory 2\.5\./);
  });

  it('show each operation, and where every session writes', () => {
    const cell = cellsOf('operations');
    const where = 'where every session writes';
    assert.deepEqual(
      [cell('onMessageCreated', 'index entries'), cell('onMessageCreated', where)],
      ['2', 'a document of `shards`'],
    );
    assert.equal(cell('getHistory', where), '–');
  });

  it('show what comes together in a second', () => {
    const cell = cellsOf('load');
    const of = (row: string) => ['1,000 sessions', '100,000 sessions'].map((column) => cell(row, column));
    assert.deepEqual(of('turns'), ['17', '1,667']);
    // Two messages, two loads of two calls each, a beginning, and half an end for each turn.
    assert.deepEqual(of('calls'), ['125', '12,500']);
    assert.deepEqual(of('index entries added and removed'), ['250', '25,000']);
    // 23 ms of a processor that is half used for the calls of a turn, and 4 ms for its events: 76.7 and 13.3 at the most.
    assert.deepEqual(of('instances'), ['2', '91']);
  });

  it('mark what is over its bound, and say how many shards are in it', () => {
    const cell = cellsOf('places');
    const row = (name: string) =>
      ['bound', 'sessions up to it', '1,000 sessions', '10,000 sessions'].map((column) => cell(name, column));
    assert.deepEqual(row('a document of `shards`'), [
      '1',
      '300',
      '**3.3**; ANALYTICS_SHARDS 34',
      '**33**; ANALYTICS_SHARDS 334',
    ]);
    assert.deepEqual(row('sessions that one run expires'), ['100', '12,000', '8.3', '83']);
    assert.deepEqual(row('the document of a session'), ['1', 'any', '0.03', '0.03']);
  });

  it('show what it costs, in all and for a million turns', () => {
    const cell = cellsOf('cost');
    const of = (row: string) => cell(row, '1,000 sessions');
    // 16.7 turns a second, of 2 reads, 7.5 calls and 2 events each.
    assert.equal(of('Firestore, reads'), '25.92');
    assert.equal(of('Cloud Run, requests'), '164');
    // 25.92 + 233.28 + 12.96 + 12.87 + 124.42 + 3.24 + 164.16 + 1.26, for 43.2 million turns a month.
    assert.deepEqual([of('**all**'), of('a million turns')], ['**578**', '13.38']);
  });
});
