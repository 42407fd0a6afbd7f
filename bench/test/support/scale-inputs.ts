import type { ScaleInputs } from '../../scale/inputs.ts';
import type { OperationResult } from '../../scale/scale-results.ts';

/** An operation that takes nothing. */
export const nothing: OperationResult = {
  reads: 0,
  writes: 0,
  trips: 0,
  bytesUp: 0,
  bytesDown: 0,
  answerBytes: 0,
  documents: {},
  shared: {},
  indexEntries: 0,
  hotIndexes: [],
};

/** Numbers to compute with by hand: sessions of 2 messages, begun as fast as turns are taken, of which half are ended. */
export const smallInputs: ScaleInputs = {
  turn: {
    rpcs: 4,
    trips: 4,
    reads: 2,
    writes: 4,
    bytesUp: 3000,
    bytesDown: 1000,
    mean: { reads: 2, writes: 4, bytesUp: 3000, bytesDown: 1000 },
    ms: 50,
    vsFloorA: 1,
  },
  operations: {
    createSession: nothing,
    getSession: nothing,
    getHistory: nothing,
    'addMessage, question': nothing,
    'addMessage, answer': nothing,
    onMessageCreated: nothing,
    endSession: nothing,
    expireSessions: nothing,
    reconcileCounters: nothing,
  },
  stored: {
    session: { documentBytes: 1000, indexEntries: 5, indexBytes: 500 },
    message: { documentBytes: 200, indexEntries: 3, indexBytes: 50 },
  },
  cpuMs: new Map([
    ['getSession', 2],
    ['addMessage', 4],
    ['getHistory', 2.5],
  ]),
  expiredPerSecond: 100,
  shards: { EXPIRY_SHARDS: 8, ANALYTICS_SHARDS: 10 },
  keptDays: 32,
  assumptions: {
    turnsPerMinute: 1,
    messagesPerSession: 2,
    loadsPerSession: 2,
    endedByUser: 0.5,
    rpcMs: 10,
    cpuUtilization: 0.5,
    concurrency: 80,
    memoryGiB: 0.25,
  },
};
