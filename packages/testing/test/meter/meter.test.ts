import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { Meter } from '../../src/meter/meter.ts';
import { encode } from '../support/encode.ts';

const request = encode('ListenRequest', { addTarget: { targetId: 1 } });
const change = encode('ListenResponse', { documentChange: { document: {}, targetIds: [1] } });

describe('Meter', () => {
  let now: number;
  let meter: Meter;

  beforeEach(() => {
    now = 0;
    meter = new Meter(() => now++);
  });

  it('returns the calls since the last take()', () => {
    meter.start('Rollback').end(status.OK);
    meter.start('GetDocument').end(status.OK);
    const { reads, trips, rpcs } = meter.take();
    assert.deepEqual({ reads, trips, rpcs }, { reads: 1, trips: 2, rpcs: { Rollback: 1, GetDocument: 1 } });
    const nothing = { reads: 0, writes: 0, deletes: 0, trips: 0, rpcs: {}, bytesUp: 0, bytesDown: 0 };
    assert.deepEqual(meter.take(), nothing);
  });

  it('counts an open call once, and its cost when it occurs', () => {
    const call = meter.start('Listen');
    call.request(request);
    call.response(change);
    const first = meter.take();
    assert.deepEqual(
      {
        reads: first.reads,
        trips: first.trips,
        rpcs: first.rpcs,
        bytesUp: first.bytesUp,
        bytesDown: first.bytesDown,
      },
      { reads: 1, trips: 1, rpcs: { Listen: 1 }, bytesUp: request.length, bytesDown: change.length },
    );
    call.response(change);
    call.response(change);
    call.end(status.CANCELLED);
    const rest = {
      reads: 2,
      writes: 0,
      deletes: 0,
      trips: 0,
      rpcs: {},
      bytesUp: 0,
      bytesDown: 2 * change.length,
    };
    assert.deepEqual(meter.take(), rest);
    assert.equal(meter.take().reads, 0);
  });

  it('discards earlier calls in measure() and returns the result of the work', async () => {
    meter.start('GetDocument').end(status.OK);
    const { result, cost } = await meter.measure(async () => {
      meter.start('Rollback').end(status.OK);
      return 'done';
    });
    assert.equal(result, 'done');
    assert.deepEqual(cost.rpcs, { Rollback: 1 });
  });
});
