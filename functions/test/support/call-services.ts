import { SessionManager } from 'kb-sessions';
import { failoverWorld } from '../../../packages/sessions/test/support/failover-harness.ts';
import { Metrics } from '../../src/logging/metrics.ts';
import type { CallServices } from '../../src/services.ts';

/** An instance over a model of Firestore that lets every call in, or does what `given` says. */
export const callServicesWith = (given: Partial<CallServices> = {}): CallServices => {
  const { calm, startInstance } = failoverWorld();
  const { store, primary } = startInstance();
  return {
    context: calm,
    primary,
    store,
    sessions: new SessionManager({ store, ownersMayAnswer: false }),
    metrics: new Metrics(),
    onSessionRead: () => {},
    rateLimiters: { address: async () => {}, user: async () => {} },
    trustedProxies: 1,
    verifyToken: async () => {},
    hashId: (id) => `hash of ${id}`,
    log: () => {},
    ...given,
  };
};
