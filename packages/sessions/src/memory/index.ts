/**
 * A store and a journal in the memory of one process.
 *
 * @module
 */
export { MemoryJournal } from '../journal/memory-journal.ts';
export { MemoryStore } from './memory-store.ts';
