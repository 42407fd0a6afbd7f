export { type Backend, type SignedUpUser, signUp } from './auth/sign-up.ts';
export { createUser, type NewUser, revokeTokens, type SignedInUser } from './auth/test-users.ts';
export { CANARY } from './canary.ts';
export { type EffectAfter, type EffectBefore, type Fault, parseFault } from './faults/fault.ts';
export type { AddedFault } from './faults/faults.ts';
export { type FaultControl, startFaultControl } from './faults/start-fault-control.ts';
export {
  type Connection,
  FirestoreModel,
  type ModelFault,
  RELIABLE_CONNECTION,
} from './firestore-model/firestore-model.ts';
export type {
  CommitRequest,
  Fields,
  StoredDocument,
  Value,
  Write,
} from './firestore-model/wire.ts';
export { callHost, type RawResponse } from './host/call-host.ts';
export { type Host, type HostOptions, startHost } from './host/start-host.ts';
export type { IndexFile } from './indexes/index-file.ts';
export { missingIndexes } from './indexes/missing-indexes.ts';
export type { QueryShape } from './indexes/query-shape.ts';
export type { Charge } from './meter/charge.ts';
export { type Call, type Cost, costOf } from './meter/cost.ts';
export type { Measured, Meter } from './meter/meter.ts';
export { type FirestoreProxy, startProxy } from './proxy/start-proxy.ts';
export { isRedisInstalled, type RedisServer, startRedis } from './redis/start-redis.ts';
export { runningSuite } from './running-suite.ts';
