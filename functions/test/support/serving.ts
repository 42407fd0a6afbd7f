import type { Serving } from '../../src/compose.ts';
import { Metrics } from '../../src/metrics.ts';
import { SessionManager } from '../../src/session/index.ts';
import { failoverWorld } from './failover-harness.ts';

/** An instance over a model of Firestore that lets every call in, or does what `given` says. */
export const servingWith = (given: Partial<Serving> = {}): Serving => {
  const { calm, startInstance } = failoverWorld();
  const { store, primary } = startInstance();
  return {
    setup: calm,
    primary,
    store,
    sessions: new SessionManager({ store, ownersMayAnswer: false }),
    metrics: new Metrics(),
    onSeen: () => {},
    rates: { address: async () => {}, user: async () => {} },
    trustedProxies: 1,
    standing: async () => {},
    hashed: (id) => `hash of ${id}`,
    log: () => {},
    ...given,
  };
};
