import { withCircuitBreaker } from '../../src/index.ts';
import { storeContract } from '../../src/testing/store-contract/store-contract.ts';
import { memoryHarness } from '../support/memory-harness.ts';

storeContract('GuardedStore before a MemoryStore', (limits) => {
  const harness = memoryHarness(limits);
  const options = { failures: 3, probeAfterMs: 5000, onChange: () => {} };
  return { ...harness, store: withCircuitBreaker(harness.store, options) };
});
