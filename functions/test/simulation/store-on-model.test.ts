import { storeContract } from '../store-contract/store-contract.ts';
import { modelHarness } from './model-harness.ts';

storeContract('FirestoreStore on a model', modelHarness);
