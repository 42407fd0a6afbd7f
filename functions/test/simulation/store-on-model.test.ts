import { storeContract } from 'kb-sessions/internal/testing/store-contract/store-contract';
import { frozenFirestoreHarness } from './firestore-on-model.ts';

storeContract('FirestoreStore on a model', frozenFirestoreHarness);
