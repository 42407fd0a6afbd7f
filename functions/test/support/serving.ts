import type { CallServices } from '../../src/compose.ts';
import { Metrics } from '../../src/metrics.ts';
import { SessionManager } from '../../src/session/index.ts';
import { failoverWorld } from './failover-harness.ts';

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
    rates: { address: async () => {}, user: async () => {} },
    trustedProxies: 1,
    verifyToken: async () => {},
    hashId: (id) => `hash of ${id}`,
    log: () => {},
    ...given,
  };
};
