import { storeContract } from '../store-contract/store-contract.ts';
import { frozenFirestoreHarness } from './firestore-on-model.ts';

storeContract('FirestoreStore on a model', frozenFirestoreHarness);
