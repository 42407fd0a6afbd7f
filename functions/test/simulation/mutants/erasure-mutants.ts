import type { Write } from 'kb-sessions-testing';
import type { Mutant } from './mutant.ts';
import { changes, isOf, mutateClientWrites } from './mutate-client.ts';

/** Mistakes in erasing a user. */
export const ERASURE_MUTANTS: Record<string, Mutant> = {
  'a document is deleted although it was changed after the sweep read it': {
    variant: mutateClientWrites((write) => (write.delete ? { ...write, currentDocument: null } : write)),
    shows: /the receipt counts|_over_.* is|of \d{4}-.* is/,
    run: 15,
  },
  'an erasure ends after its first sweep': {
    variant: mutateClientWrites((write) => (isFirstSweep(write) ? completed(write) : write)),
    shows: /was erased, and has/,
    run: 94,
  },
};

const isFirstSweep = (write: Write): boolean => isOf('kb_tombstones', write) && changes('swept_at', write);

const completed = (write: Write): Write => {
  const { update, updateMask } = write;
  const { swept_at, sweep_at: _next, ...fields } = update?.fields ?? {};
  if (!update || !swept_at) return write;
  return {
    ...write,
    update: { ...update, fields: { ...fields, swept_at, completed_at: swept_at } },
    updateMask: { fieldPaths: [...(updateMask?.fieldPaths ?? []), 'completed_at'] },
  };
};
