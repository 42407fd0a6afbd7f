import type { MakeHarness, StoreContract, StoreHarness } from '../store-harness.ts';
import { appendContract } from './append.ts';
import { concurrencyContract } from './concurrency.ts';
import { copiesContract } from './copies.ts';
import { countersContract } from './counters.ts';
import { createContract } from './create.ts';
import { endContract } from './end.ts';
import { escalateContract } from './escalate.ts';
import { expiryContract } from './expiry.ts';
import { feedbackContract } from './feedback.ts';
import { getContract } from './get.ts';
import { historyContract } from './history.ts';
import { listContract } from './list.ts';
import { openSessionsContract } from './open-sessions.ts';
import { ownershipContract } from './ownership.ts';
import { recoveryContract } from './recovery.ts';
import { repeatedAppendContract } from './repeated-append.ts';
import { rollOverContract } from './roll-over.ts';

const CONTRACTS: StoreContract[] = [
  createContract,
  openSessionsContract,
  getContract,
  appendContract,
  repeatedAppendContract,
  rollOverContract,
  recoveryContract,
  expiryContract,
  historyContract,
  listContract,
  endContract,
  escalateContract,
  feedbackContract,
  countersContract,
  ownershipContract,
  copiesContract,
  concurrencyContract,
];

/**
 * Registers the tests that a store keeps the promises of {@link SessionStore}.
 *
 * @param name the name of the store, for the titles
 * @example
 * ```ts
 * import { MemoryStore } from 'kb-sessions/memory';
 * import { SMALL_LIMITS, storeContract } from 'kb-sessions/testing';
 *
 * storeContract('MemoryStore', (given) => {
 *   let now = Date.parse('2026-01-01T00:00:00.000Z');
 *   const limits = { ...SMALL_LIMITS, ...given };
 *   return {
 *     store: new MemoryStore({ limits, clock: () => now }),
 *     peer: null,
 *     limits,
 *     decidesAtOnce: true,
 *     now: () => now,
 *     advance: (ms) => {
 *       now += ms;
 *     },
 *     settle: async () => {},
 *     close: async () => {},
 *   };
 * });
 * ```
 */
export const storeContract = (name: string, makeHarness: MakeHarness): void => {
  describe(`${name} as a SessionStore`, () => {
    const opened: StoreHarness[] = [];
    const open: MakeHarness = (limits) => {
      const harness = makeHarness(limits);
      opened.push(harness);
      return harness;
    };
    afterEach(() => Promise.all(opened.splice(0).map((harness) => harness.close())));
    for (const contract of CONTRACTS) contract(open);
  });
};
