import { storeContract } from './store-contract/store-contract.ts';
import { firestoreHarness } from './support/firestore-harness.ts';

storeContract('FirestoreStore', firestoreHarness);
