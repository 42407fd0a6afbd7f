export type {
  CallInput,
  CallName,
  CallOutput,
  ErrorDetails,
  Feedback,
  HistoryMessage,
  Metadata,
  RecentMessage,
  Role,
  SessionView,
  Status,
} from '../../functions/src/contract.ts';
export { createClient, createSessionsClient, type SessionsClient } from './client.ts';
export { type DirectAuth, type DirectCallable, directTransport } from './direct-transport.ts';
export { firebaseTransport } from './firebase-transport.ts';
export { isSessionsError, SessionsError, type SessionsErrorCode } from './sessions-error.ts';
export type { Transport } from './transport.ts';
