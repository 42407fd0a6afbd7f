import { storeContract } from '../../src/testing/store-contract/store-contract.ts';
import { FLAPPING, failoverContractHarness } from '../support/failover-contract-harness.ts';
import { commandRedis } from '../support/redis-client.ts';
import { useRedis } from '../support/redis-server.ts';

describe('with Redis', () => {
  const server = useRedis();
  beforeEach(() => commandRedis(server().url, (client) => client.flushAll()));
  storeContract(
    'FailoverStore with a primary that flaps, and a client that repeats its calls,',
    failoverContractHarness({ ...FLAPPING, redis: () => server().url }),
  );
});
