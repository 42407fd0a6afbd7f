import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import { journalContract } from '../../src/testing/journal-contract/journal-contract.ts';
import { ROOMY } from '../../src/testing/journal-contract/journal-harness.ts';

journalContract('MemoryJournal', async (bounds) => ({
  journal: new MemoryJournal({ ...ROOMY, ...bounds }),
  peer: null,
  isComplete: true,
  close: async () => {},
}));
