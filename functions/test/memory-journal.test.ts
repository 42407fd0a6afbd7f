import { MemoryJournal } from '../src/session/fallback/memory-journal.ts';
import { journalContract } from './journal-contract/journal-contract.ts';
import { ROOMY } from './journal-contract/journal-harness.ts';

journalContract('MemoryJournal', async (bounds) => ({
  journal: new MemoryJournal({ ...ROOMY, ...bounds }),
  peer: null,
  isWhole: true,
  close: async () => {},
}));
