export { createClient, createSessionsClient, type SessionsClient } from './client.ts';
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
} from './contract-types.ts';
export { indexedDbStorage } from './outbox/indexed-db-storage.ts';
export { memoryStorage } from './outbox/memory-storage.ts';
export type { OutboxOptions as ClientOptions } from './outbox/outbox.ts';
export { messagesOf, type OutboxCall, type PendingOperation } from './outbox/pending-operation.ts';
export type { Settlement } from './outbox/settlement.ts';
export type { OutboxStorage, StoredItem } from './outbox/storage.ts';
export { paginate } from './paginate.ts';
export { isSessionsError, SessionsError, type SessionsErrorCode } from './sessions-error.ts';
export { type DirectAuth, type DirectCallable, directTransport } from './transports/direct-transport.ts';
export { firebaseTransport } from './transports/firebase-transport.ts';
export type { Transport } from './transports/transport.ts';
