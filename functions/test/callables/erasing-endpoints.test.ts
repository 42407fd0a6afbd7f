import assert from 'node:assert/strict';
import { finishErasures, onUserDeleted } from '../../src/index.ts';

describe('what erases without being called', () => {
  it('is a job that finishes erasures every 5 minutes, with time for it', () => {
    const { scheduleTrigger, timeoutSeconds } = finishErasures.__endpoint;
    assert.deepEqual([scheduleTrigger?.schedule, timeoutSeconds], ['*/5 * * * *', 540]);
  });

  it('is the deletion of an account, delivered again until that user is erased', () => {
    const trigger = onUserDeleted.__endpoint.eventTrigger;
    assert.deepEqual([trigger?.eventType, trigger?.retry], ['google.firebase.auth.user.v2.deleted', true]);
  });
});
