import assert from 'node:assert/strict';
import { scaleDates } from '../report/scale-dates.ts';

describe('scaleDates()', () => {
  it('names what was measured on each day', () => {
    const on = (date: string, benchmark: string) => ({ benchmark, conditions: { date } });
    assert.equal(
      scaleDates([on('2026-01-31', 'turn'), on('2026-02-01', 'load'), on('2026-01-31', 'scale')]),
      'Measured: `turn`, `scale` on 2026-01-31; `load` on 2026-02-01.',
    );
  });
});
