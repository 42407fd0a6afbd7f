/**
 * The suites of source files without a test at their mirrored path. A path that ends with a slash names all such files of
 * that folder and its folders. A more specific path wins.
 */
export const testSuites: Readonly<Record<string, string>> = {
  'functions/src/background/define-job.ts': 'functions/test/background/run-in-background.process.test.ts',
  'functions/src/background/scheduled-jobs.ts': 'functions/test/background/run-in-background.process.test.ts',
  'functions/src/callables/authorize.ts': 'functions/test/integration/outcomes.host.test.ts',
  'functions/src/callables/callable-options.ts': 'functions/test/integration/http.host.test.ts',
  'functions/src/callables/group-endpoint.ts': 'functions/test/integration/http.host.test.ts',
  'functions/src/callables/handlers.ts': 'functions/test/integration/every-callable.host.test.ts',
  'functions/src/callables/single-endpoints.ts': 'functions/test/deployment.test.ts',
  'functions/src/config/': 'functions/test/config/config.test.ts',
  'functions/src/logging/redact-body-errors.ts': 'functions/test/hostile/hostile.host.test.ts',
  'functions/src/services.ts': 'functions/test/integration/every-callable.host.test.ts',

  'packages/client/src/': 'packages/client/test/client.test.ts',
  'packages/client/src/outbox/': 'packages/client/test/outbox/outbox.test.ts',
  'packages/client/src/sessions-error.ts': 'packages/client/test/transports/firebase-transport.test.ts',

  'packages/contract/src/': 'functions/test/callables/parse-payload.test.ts',
  'packages/contract/src/export-schema.ts': 'functions/test/integration/export.host.test.ts',
  'packages/contract/src/metrics-schema.ts': 'functions/test/logging/metrics.test.ts',
  'packages/contract/src/receipt.ts': 'functions/test/integration/erase-data.host.test.ts',

  'packages/sessions/src/clock.ts': 'packages/sessions/test/lifecycle.test.ts',
  'packages/sessions/src/erasure/tombstone-poller.ts': 'packages/sessions/test/erasure/evict-user.test.ts',
  'packages/sessions/src/failover/': 'packages/sessions/test/failover/failover-store.test.ts',
  'packages/sessions/src/firestore/': 'functions/test/simulation/store-on-model.test.ts',
  'packages/sessions/src/firestore/client-settings.ts': 'functions/test/outage/kinds-of-failure.host.test.ts',
  'packages/sessions/src/firestore/counters/':
    'packages/sessions/test/firestore/counters/reconcile-counters.emulator.test.ts',
  'packages/sessions/src/firestore/erasure/':
    'packages/sessions/test/firestore/erasure/erase-user.emulator.test.ts',
  'packages/sessions/src/firestore/expiry/open-sessions.ts':
    'functions/test/integration/open-sessions.host.test.ts',
  'packages/sessions/src/firestore/expiry/write-endings.ts':
    'packages/sessions/test/firestore/expiry/expire-sessions.emulator.test.ts',
  'packages/sessions/src/journal/journal.ts': 'packages/sessions/test/journal/memory-journal.test.ts',
  'packages/sessions/src/limits.ts': 'functions/test/config/config.test.ts',
  'packages/sessions/src/plan/types.ts': 'packages/sessions/test/plan/plan-batch.test.ts',
  'packages/sessions/src/redis/': 'packages/sessions/test/redis/redis-journal.test.ts',
  'packages/sessions/src/redis/redis-connection.ts':
    'packages/sessions/test/redis/redis-journal-away.test.ts',
  'packages/sessions/src/session-errors.ts': 'packages/sessions/test/errors.test.ts',
  'packages/sessions/src/session-store.ts': 'packages/sessions/test/memory/memory-store.test.ts',
  'packages/sessions/src/testing/': 'packages/sessions/test/memory/memory-store.test.ts',
  'packages/sessions/src/testing/journal-contract/': 'packages/sessions/test/journal/memory-journal.test.ts',
  'packages/sessions/src/testing/journal-contract/shaky-journal.ts':
    'packages/sessions/test/journal/tiered-journal.test.ts',
  'packages/sessions/src/testing/test-size.ts': 'packages/sessions/test/model/store-model.test.ts',

  'packages/testing/src/auth/sign-up.ts': 'functions/test/outage/mid-chat.host.test.ts',
  'packages/testing/src/auth/test-users.ts': 'functions/test/access/verify-token.emulator.test.ts',
  'packages/testing/src/canary.ts': 'tools/test/canaries/find-leaks.test.ts',
  'packages/testing/src/firestore-model/': 'packages/testing/test/firestore-model/firestore-model.test.ts',
  'packages/testing/src/host/': 'packages/testing/test/host/start-host.test.ts',
  'packages/testing/src/indexes/': 'packages/testing/test/indexes/missing-indexes.test.ts',
  'packages/testing/src/indexes/query-shape.ts': 'packages/testing/test/indexes/query-log.test.ts',
  'packages/testing/src/meter/': 'packages/testing/test/meter/estimate-bill.test.ts',
  'packages/testing/src/protos.ts': 'packages/testing/test/faults/fault.test.ts',
  'packages/testing/src/proxy/': 'packages/testing/test/proxy/start-proxy.test.ts',
  'packages/testing/src/running-suite.ts': 'packages/testing/test/host/start-host.emulator.test.ts',

  'web/src/': 'web/test/page.suite.test.ts',
  'web/src/last-session.ts': 'web/test/conversation.test.ts',
};
