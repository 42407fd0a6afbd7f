import assert from 'node:assert/strict';
import { guarantees } from '../guarantees/all.ts';
import { turnTables } from '../report/turn-tables.ts';
import type { TurnCost, TurnResult } from '../turn/turn-result.ts';
import { readTable } from './support/read-table.ts';

const cost: TurnCost = {
  rpcs: 4,
  trips: 3,
  reads: 2,
  writes: 5,
  bytesUp: 26_000,
  bytesDown: 2_340,
  mean: { reads: 7, writes: 7, bytesUp: 7000, bytesDown: 7000 },
  ms: 66.6,
  vsFloorA: 1.256,
};

/** A result with all guarantees but those named here, with what was found instead. */
const result = (
  peer: string,
  sizes: TurnResult['sizes'],
  { kind = 'library', broken = {} }: { kind?: TurnResult['kind']; broken?: Record<string, string> } = {},
): TurnResult => ({
  peer,
  kind,
  sizes,
  guarantees: guarantees.map(({ name }) => ({ guarantee: name, found: broken[name] ?? null })),
});

describe('turnTables()', () => {
  it('shows one number where all sizes have the same, and all where they differ', () => {
    const longer = { ...cost, reads: 302, ms: 1200, vsFloorA: 20 };
    const cell = readTable(turnTables([result('Peer', { 30: cost, 3000: longer })]));
    const row = ['RPCs', 'trips', 'reads', 'writes', 'KB up', 'KB down', 'ms', '× floor A'];
    assert.deepEqual(
      row.map((column) => cell('Peer', column)),
      ['4', '3', '2 / 302', '5', '26', '2.3', '67 / 1,200', '1.26 / 20.00'],
    );
  });

  it('names the sizes, least first', () => {
    const text = turnTables([result('Peer', { 3000: cost, 30: cost })]);
    assert.match(text, /^One turn in a session of 30 \/ 3,000 messages;/);
  });

  it('has a dash for what was not possible, and says why in one line', () => {
    const text = turnTables([
      result('Peer', { 30: cost, 3000: 'too\n  large: a | b' }),
      result('Other', { 30: 'x'.repeat(500), 3000: cost }),
    ]);
    const cell = readTable(text);
    assert.deepEqual([cell('Peer', 'RPCs'), cell('Other', 'RPCs')], ['4 / –', '– / 4']);
    assert.ok(text.includes('Not possible (–):\n\n- Peer at 3,000 messages: too large: a \\| b\n'));
    assert.ok(text.includes(`- Other at 30 messages: ${'x'.repeat(160)}…\n`));
  });

  it('says nothing of what was not possible where everything was', () => {
    assert.ok(!turnTables([result('Peer', { 30: cost })]).includes('Not possible'));
  });

  it('shows in the same column what is kept, and what was found instead', () => {
    const broken = { idempotency: 'it was stored 2 times', expiry: 'it was gone on with' };
    const text = turnTables([result('Peer', { 30: cost }, { broken }), result('Other', { 30: cost })]);
    // The table of costs comes first and has rows of the same names.
    const cell = readTable(text.slice(text.indexOf('What is kept')));
    for (const { name, promise } of guarantees) {
      assert.equal(cell('Peer', name), name in broken ? 'no' : 'yes');
      assert.equal(cell('Other', name), 'yes');
      assert.ok(text.includes(`- **${name}**: ${promise}.`));
    }
    const found = text.slice(text.indexOf('<details>'), text.indexOf('</details>'));
    assert.match(found, /^- Peer: idempotency: it was stored 2 times; expiry: it was gone on with\.$/m);
    assert.doesNotMatch(found, /Other/);
  });

  it('sets ours off', () => {
    const cell = readTable(turnTables([result('kb-sessions', { 30: cost }, { kind: 'ours' })]));
    assert.equal(cell('**kb-sessions**', 'RPCs'), '4');
  });
});
