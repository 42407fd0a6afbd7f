import { storeContract } from '../../src/testing/store-contract/store-contract.ts';
import { memoryHarness } from '../support/memory-harness.ts';

storeContract('MemoryStore', memoryHarness);
