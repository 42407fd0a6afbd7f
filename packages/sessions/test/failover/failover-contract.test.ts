import { storeContract } from '../../src/testing/store-contract/store-contract.ts';
import { FLAPPING, failoverContractHarness } from '../support/failover-contract-harness.ts';

storeContract(
  'FailoverStore with an available primary',
  failoverContractHarness({ prepare: ({ store }) => store, decidesAtOnce: true, tick: 0 }),
);

storeContract(
  'FailoverStore with a primary that flaps, and a client that repeats its calls,',
  failoverContractHarness(FLAPPING),
);
