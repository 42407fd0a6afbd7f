import assert from 'node:assert/strict';
import { finishErasures, onUserDeleted } from '../../src/index.ts';

describe('the background erasure', () => {
  it('runs a job every 5 minutes with a sufficient timeout', () => {
    const { scheduleTrigger, timeoutSeconds } = finishErasures.__endpoint;
    assert.deepEqual([scheduleTrigger?.schedule, timeoutSeconds], ['*/5 * * * *', 540]);
  });

  it('handles the deletion of an account, with retries until the user is erased', () => {
    const trigger = onUserDeleted.__endpoint.eventTrigger;
    assert.deepEqual([trigger?.eventType, trigger?.retry], ['google.firebase.auth.user.v2.deleted', true]);
  });
});
