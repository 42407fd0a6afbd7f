import { CircuitBreakerStore } from '../src/session/index.ts';
import { storeContract } from './store-contract/store-contract.ts';
import { memoryHarness } from './support/memory-harness.ts';

storeContract('GuardedStore before a MemoryStore', (limits) => {
  const harness = memoryHarness(limits);
  const options = { failures: 3, probeAfterMs: 5000, onChange: () => {} };
  return { ...harness, store: new CircuitBreakerStore(harness.store, options) };
});
