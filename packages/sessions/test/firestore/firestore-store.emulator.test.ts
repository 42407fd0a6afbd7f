import { storeContract } from '../../src/testing/store-contract/store-contract.ts';
import { firestoreHarness } from '../support/firestore-harness.ts';

storeContract('FirestoreStore', firestoreHarness);
