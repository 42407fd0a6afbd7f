export type {
  CallInput,
  CallName,
  CallOutput,
  ErrorDetails,
  ExportedMessage,
  ExportedSession,
  Feedback,
  HistoryMessage,
  Metadata,
  Receipt,
  RecentMessage,
  Role,
  SessionView,
  Status,
} from '../../functions/src/contract.ts';
export { createClient, createSessionsClient, type SessionsClient } from './client.ts';
export { type DirectAuth, type DirectCallable, directTransport } from './direct-transport.ts';
export { firebaseTransport } from './firebase-transport.ts';
export { paginate } from './pages-of.ts';
export { indexedDbStorage } from './queue/indexed-db-storage.ts';
export { memoryStorage } from './queue/memory-storage.ts';
export { messagesOf, type OutboxCall, type PendingOperation } from './queue/operation.ts';
export type { OutboxStorage, StoredItem } from './queue/operation-storage.ts';
export type { OutboxOptions as ClientOptions } from './queue/queue.ts';
export type { Settlement } from './queue/settled.ts';
export { isSessionsError, SessionsError, type SessionsErrorCode } from './sessions-error.ts';
export type { Transport } from './transport.ts';
