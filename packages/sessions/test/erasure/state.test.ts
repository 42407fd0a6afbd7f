import assert from 'node:assert/strict';
import { receiptSchema } from 'kb-sessions-contract/receipt';
import { toIsoTime } from '../../src/clock.ts';
import {
  completeSweep,
  type Erasure,
  isSweepDue,
  SECOND_SWEEP_MS,
  startErasure,
  toReceipt,
} from '../../src/erasure/state.ts';

const ASKED = Date.parse('2026-03-01T10:00:00.000Z');
const SWEPT = ASKED + 1000;
const LATER = SWEPT + SECOND_SWEEP_MS;

const after = (begun: Erasure, now: number): Erasure => ({ ...begun, ...completeSweep(begun, begun, now) });

const asked = startErasure(ASKED);
const swept = after(asked, SWEPT);
const complete = after(swept, LATER);

describe('the erasure state', () => {
  it('schedules one sweep at once and a last one 15 minutes after the first', () => {
    assert.equal(SECOND_SWEEP_MS, 900_000);
    assert.deepEqual([isSweepDue(asked, ASKED - 1), isSweepDue(asked, ASKED)], [false, true]);
    assert.deepEqual([isSweepDue(swept, LATER - 1), isSweepDue(swept, LATER)], [false, true]);
    assert.equal(isSweepDue(complete, Number.MAX_SAFE_INTEGER), false);
  });

  it('reports completion only after the second sweep', () => {
    const receipt = {
      user_id: 'owner',
      asked_at: toIsoTime(ASKED),
      firestore: { sessions: 0, messages: 0 },
      journals: { entries: 0 },
    };
    const [none, first, second] = [null, toIsoTime(SWEPT), toIsoTime(LATER)];
    assert.deepEqual(
      [asked, swept, complete].map((erasure) => toReceipt('owner', erasure)),
      [
        { ...receipt, status: 'sweeping', swept_at: none, completed_at: none },
        { ...receipt, status: 'waiting', swept_at: first, completed_at: none },
        { ...receipt, status: 'complete', swept_at: first, completed_at: second },
      ],
    );
  });

  it('adds up documents and entries over all sweeps', () => {
    const counted = { ...swept, sessions: 2, messages: 30, entries: { one: 4, another: 5 } };
    const receipt = toReceipt('owner', counted);
    assert.deepEqual([receipt.firestore, receipt.journals], [{ sessions: 2, messages: 30 }, { entries: 9 }]);
    assert.deepEqual(receiptSchema.parse(receipt), receipt);
  });

  it('does not accept the late end of a first sweep as the end of the second', () => {
    assert.equal(completeSweep(asked, swept, LATER), null);
    assert.equal(completeSweep(asked, complete, LATER), null);
    assert.equal(completeSweep(swept, complete, LATER), null);
  });
});
