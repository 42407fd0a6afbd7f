import assert from 'node:assert/strict';
import { readSchedules } from '../schedules.ts';

function scheduled(endpoint: object) {
  return Object.assign(() => undefined, { __endpoint: endpoint });
}

describe('readSchedules()', () => {
  it('reads the schedules of firebase-functions and ignores other functions', () => {
    const exported = {
      everyFive: scheduled({ scheduleTrigger: { schedule: '*/5 * * * *' }, region: ['europe-west1'] }),
      nightly: scheduled({ scheduleTrigger: { schedule: '0 3 * * *', timeZone: 'Africa/Johannesburg' } }),
      callable: scheduled({ callableTrigger: {} }),
      group: { inner: 1 },
    };
    assert.deepEqual(readSchedules(exported), [
      { name: 'everyFive', cron: '*/5 * * * *', region: 'europe-west1', timeZone: 'UTC' },
      { name: 'nightly', cron: '0 3 * * *', region: 'us-central1', timeZone: 'Africa/Johannesburg' },
    ]);
  });

  it('rejects a schedule that is not a unix cron expression', () => {
    const exported = { odd: scheduled({ scheduleTrigger: { schedule: 'every 5 minutes' } }) };
    assert.throws(
      () => readSchedules(exported),
      /^Error: odd is scheduled as "every 5 minutes", which is no unix cron$/,
    );
  });
});
