import type { OperationResult } from '../../scale/scale-results.ts';
import type { ScaleInputs } from '../../scale.ts';

/** An operation without any cost. */
export const free: OperationResult = {
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

/** Small numbers: sessions of 2 messages, so that a session is created per turn. Half of them are ended by users. */
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
    createSession: free,
    getSession: free,
    getHistory: free,
    'addMessage, question': free,
    'addMessage, answer': free,
    onMessageCreated: free,
    endSession: free,
    expireSessions: free,
    reconcileCounters: free,
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
