import assert from 'node:assert/strict';
import { scalePeersTable } from '../report/scale-peers-table.ts';
import type { TurnResult } from '../turn/turn-result.ts';
import { readTable } from './support/read-table.ts';
import { nothing, smallInputs } from './support/scale-inputs.ts';

const { turn: cost } = smallInputs;
const hot = { index: 'chats (at)', lead: '', entries: 2 };
const ours = '**kb-sessions, addMessage twice**';
const around = '**the same with counting, sessions of 2 messages, expiry, deletion**';
const columns = [
  'operations, $ a million turns',
  'MB a second',
  'index entries a turn',
  'turns a second, at most',
];

describe('scalePeersTable()', () => {
  // Means count, which the medians beside them do not tell.
  const more = { ...cost, mean: { ...cost.mean, reads: 302, bytesDown: 4000 } };
  const turn: TurnResult[] = [
    { peer: 'Peer', kind: 'library', sizes: { 30: cost, 300: more }, guarantees: [] },
    { peer: 'Cold', kind: 'plain', sizes: { 30: cost, 300: 'too large' }, guarantees: [] },
  ];
  const peer = (name: string, footprint: object) => ({ peer: name, footprint: { ...nothing, ...footprint } });
  const row = (text: string, name: string) => columns.map((column) => readTable(text)(name, column));

  it('shows what a turn of each costs, by the length of the session', () => {
    const peers = [peer('Peer', { indexEntries: 12, hotIndexes: [hot] }), peer('Cold', { indexEntries: 4 })];
    const text = scalePeersTable(turn, peers, smallInputs);
    assert.match(
      text,
      /^At 100,000 sessions of 30 \/ 300 messages, 1,667 turns a second; operations and bytes in the mean\.\n/,
    );
    // 4 writes of $ 0.9 a million and 2 or 302 reads of $ 0.3; 4 or 7 KB in each of 1,667 turns; 500 entries a second.
    assert.deepEqual(row(text, 'Peer'), ['4.20 / 94.20', '6.7 / 12', '12', '250']);
    assert.deepEqual(row(text, 'Cold'), ['4.20 / –', '6.7 / –', '4', 'any']);
  });

  it('ends at a document that every session writes before it ends at an index', () => {
    const peers = [peer('Peer', { hotIndexes: [hot], shared: { days: 4 } })];
    assert.deepEqual(row(scalePeersTable(turn, peers, smallInputs), 'Peer').at(-1), '0.3');
  });

  it('spreads ours over its shards, and counts what is around a turn in the second row', () => {
    const append = { ...nothing, indexEntries: 5, hotIndexes: [{ ...hot, lead: 'expiry_shard, status' }] };
    const inputs = {
      ...smallInputs,
      turn: more,
      operations: {
        ...smallInputs.operations,
        'addMessage, question': append,
        'addMessage, answer': append,
        onMessageCreated: { ...nothing, writes: 3, bytesUp: 600, indexEntries: 1, shared: { shards: 1 } },
      },
    };
    const text = scalePeersTable(turn, [], inputs);
    // Two appends of two entries in an index of eight shards.
    assert.deepEqual(row(text, ours), ['94.20', '12', '10', '1,000']);
    // Each turn is a session: two events, a session and two messages that are deleted, with 5 and 3 entries each; and ten
    // shards that take a message a second.
    assert.deepEqual(row(text, around), ['99.90', '14', '23', '5']);
  });

  it('fails for a peer whose turn was not measured', () => {
    assert.throws(
      () => scalePeersTable(turn, [peer('Other', {})], smallInputs),
      /turn of Other must be measured/,
    );
  });
});
